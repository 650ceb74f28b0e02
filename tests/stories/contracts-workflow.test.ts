import { execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ambientVault } from '@tenant-delivery/aws/s3/ambient-vault';
import { keyIdOf, keySigner } from '@tenant-delivery/evidence/keys';
import { kmsOf } from '@tenant-delivery/local-aws/services/kms';
import { type LocalGithub, startLocalGithub } from '@tenant-delivery/local-github';
import { record } from '@tenant-delivery/local-github/world/activity';
import { passEnvironment, review } from '@tenant-delivery/local-github/world/approval';
import { createJob, startJob } from '@tenant-delivery/local-github/world/job';
import type { Repository } from '@tenant-delivery/local-github/world/repository';
import { createRun } from '@tenant-delivery/local-github/world/run';
import { userNamed } from '@tenant-delivery/local-github/world/user';
import { contractKey } from '@tenant-delivery/tenancy/derived-names';
import { openContract, sealContract } from '@tenant-delivery/tenancy/sealed-contract';
import { type Copy, copyThisRepository } from '@tenant-delivery/testkit/copy-of-this-repository';
import { parse } from 'yaml';
import { acmeSandbox, ORDERS, type Sandbox } from '../stage/a-job.ts';

/** The provider's own key. It is in acme's account here, and in no tenant's account elsewhere. */
const KEY = 'alias/contract';

/** Makes it, for the operator alone; answers its public half as a trust file names it. */
function contractKeyInKms() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { account, region } = ORDERS;
  const operator = `arn:aws:iam::${account}:user/operator`;
  const id = randomUUID();
  kmsOf(sandbox.aws.world, account, region).keys[id] = {
    ...{ id, account, alias: KEY, description: 'signs contracts', created: 0 },
    arn: `arn:aws:kms:${region}:${account}:key/${id}`,
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    policy: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: operator }, Action: 'kms:*', Resource: '*' }],
    },
  };
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return { keyId: keyIdOf(publicKey), duty: 'contract', publicKey: pem, from: '2026-01-01T00:00:00Z' };
}

const OPERATIONS = 'OWNER/tenant-operations';
const PEOPLE = { 'dev-ana': 200010, 'sre-kim': 300001, 'sre-lou': 300002 } as const;
type Login = keyof typeof PEOPLE;

let sandbox: Sandbox;
let copy: Copy;
let identities: Server;
let github: LocalGithub;
let operations: Repository;
let before: string;
let secondSerial: Uint8Array = new Uint8Array();

const place = (...path: readonly string[]) => join(sandbox.folder, ...path);
const git = (...args: readonly string[]) =>
  execFileSync('git', ['-C', place('operations'), ...args], { encoding: 'utf8' }).trim();

beforeAll(async () => {
  sandbox = await acmeSandbox();
  copy = copyThisRepository();
  const trust = { schemaVersion: 1, keys: [contractKeyInKms()] };
  writeFileSync(join(copy.folder, 'trust/provider.json'), JSON.stringify(trust));
  release();
  cpSync(join(copy.folder, 'templates/operations-repo'), place('operations'), { recursive: true });
  rmSync(place('operations/tenants/globex.yaml')); // it has no account here
  mkdirSync(place('temp'));
  edit((text) => text.slice(0, text.indexOf('  staging:')).replace('    promotion: { from: staging }\n', ''));
  git('init', '--quiet', '--initial-branch=main');
  commit('Begin');
  github = await startLocalGithub();
  for (const [login, id] of Object.entries(PEOPLE)) github.addUser({ login, id });
  operations = github.addRepository({
    ...{ owner: 'OWNER', ownerId: 700000, name: 'tenant-operations', id: 700002 },
    path: place('operations/.git'),
  });
  const reviewers = Object.values(PEOPLE);
  github.setEnvironment(OPERATIONS, { name: 'contracts', reviewers, preventSelfReview: true });
  identities = createServer((_, answer) => answer.end('{"value":"an identity"}'));
  identities.listen(0, '127.0.0.1');
  await once(identities, 'listening');
}, 60_000);
afterAll(async () => {
  identities.close();
  await github.close();
  copy.remove();
  await sandbox.close();
});

const RELEASE = `
  import { buildActions } from './packages/release/src/build.ts';
  import { commitRelease } from './packages/release/src/commit-release.ts';
  await buildActions();
  commitRelease('0.1.0');
`;

/** As `npm run release -- tag` does, whatever waits for the next version. */
function release(): void {
  const { exit, printed } = copy.node('--input-type=module', '--eval', RELEASE);
  if (exit !== 0) throw new Error(printed);
}

/** What actions/checkout does of the provider's repository: at the ref, or at the default branch where the step names none. */
function checkOut(ref = 'main'): void {
  rmSync(place('tenant-delivery'), { recursive: true, force: true });
  execFileSync('git', ['clone', '--quiet', '--no-checkout', copy.folder, place('tenant-delivery')]);
  execFileSync('git', ['-C', place('tenant-delivery'), 'checkout', '--quiet', ref], { stdio: 'ignore' });
}

function edit(change: (text: string) => string): void {
  const file = place('operations/tenants/acme.yaml');
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

/** Ana writes, if nobody else is named, and Kim merges. `before` stays what it was: a push may have several commits. */
function commit(message: string, name: Login = 'dev-ana'): void {
  git('add', '--all');
  const email = `${name}@users.noreply.github.com`;
  git('-c', `user.name=${name}`, '-c', `user.email=${email}`, 'commit', '--quiet', '--message', message);
}

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly with?: { readonly repository?: string; readonly ref?: string };
}

interface Job {
  readonly if?: string;
  readonly permissions: Readonly<Record<string, string>>;
  readonly environment?: { readonly name: string };
  readonly steps: readonly Step[];
}

function jobsOf(change = (text: string) => text): Readonly<Record<'check' | 'publish', Job>> {
  return parse(change(readFileSync(place('operations/.github/workflows/contracts.yml'), 'utf8'))).jobs;
}

/** What was committed comes to `main` by somebody's push or merge. */
async function pushed(login: Login): Promise<void> {
  const actor = userNamed(github.world, login);
  await record(github.world, operations, { ref: 'refs/heads/main', after: git('rev-parse', 'HEAD'), actor });
}

/** What GitHub gives to a job of a run that Kim's merge started, once somebody has approved it. */
async function reviewed(login: Login) {
  const sha = git('rev-parse', 'HEAD');
  if (operations.activities.at(-1)?.after !== sha) await pushed('sre-kim');
  const path = '.github/workflows/contracts.yml';
  const workflow = { repository: OPERATIONS, path, ref: 'refs/heads/main', sha };
  const asked = { workflow, event: 'push', ref: 'refs/heads/main', sha, actor: 'sre-kim' };
  const run = createRun(github.world, operations, asked);
  const permissions = { actions: 'read', contents: 'read', 'id-token': 'write' } as const;
  const environment = { name: 'contracts' };
  const job = createJob(github.world, run, { name: 'publish', permissions, environment, workflow });
  const passed = passEnvironment(github.world, job);
  review(github.world, job, { state: 'approved', login, comment: '' });
  await passed;
  return {
    GITHUB_REPOSITORY: OPERATIONS,
    GITHUB_RUN_ID: String(run.id),
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_SHA: sha,
    GITHUB_API_URL: github.apiUrl,
    GITHUB_TOKEN: startJob(github.world, job).githubToken,
  };
}

/** The steps of a job, as the template has them or with one change. */
async function play(
  job: 'check' | 'publish',
  { change, reviewer = 'sre-lou' }: { change?: (text: string) => string; reviewer?: Login } = {},
) {
  const { steps } = jobsOf(change)[job];
  const { port } = identities.address() as AddressInfo; // it listens on a port
  const { accessKeyId, secretAccessKey } = sandbox.operator;
  const env = {
    PATH: process.env['PATH'],
    ...(job === 'publish' && (await reviewed(reviewer))),
    BEFORE: before,
    RUNNER_TEMP: place('temp'),
    GITHUB_STEP_SUMMARY: place('summary'),
    AWS_ENDPOINT_URL: sandbox.aws.url,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_WEB_IDENTITY_TOKEN_FILE: place('temp/identity-token'),
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'a token of the job',
    ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/?api-version=2`,
    CONTRACT_KEY: KEY,
    SIGNER_ROLE: 'arn:aws:iam::999900001111:role/contracts', // the keys above come first
    PUBLISHER_ROLE: 'arn:aws:iam::ACCOUNT:role/contracts',
    AWS_REGION: ORDERS.region,
  };
  writeFileSync(place('summary'), '');
  let printed = '';
  for (const { run, name, with: given } of steps) {
    if (given?.repository !== undefined) checkOut(given.ref);
    if (run === undefined) continue;
    const shell = spawn('bash', ['--norc', '-e', '-c', run], { cwd: sandbox.folder, env });
    for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (chunk) => (printed += chunk));
    const [exit] = await once(shell, 'close');
    if (exit !== 0) return { failed: name, printed, summary: readFileSync(place('summary'), 'utf8') };
  }
  return { failed: undefined, printed, summary: readFileSync(place('summary'), 'utf8') };
}

const wider = (text: string) => text.replace('maximum: 6 }', 'maximum: 8 }');
const next = (text: string) => text.replace('serial: 1 ', 'serial: 2 ');

it('a change of the contracts is refused while a list of the workflows is not what they say', async () => {
  before = git('rev-parse', 'HEAD');
  const { failed, printed } = await play('check');
  expect(failed).toBe('Compare the lists of the workflows with the contracts');
  expect(printed).toContain('verify.yml does not have what the contracts say.');
  const command = join(copy.folder, 'packages/cli/bin/tenant-delivery.mjs');
  const contracts = [place('operations/tenants/acme.yaml')];
  const workflows = ['--workflows', place('operations/.github/workflows')];
  execFileSync(process.execPath, [command, 'contract', 'matrix', ...contracts, ...workflows]);
  commit('Write the lists');
  expect(await play('check')).toMatchObject({ failed: undefined });
}, 60_000);

it('says what changes for whom, and refuses a change that keeps the serial', async () => {
  before = git('rev-parse', 'HEAD');
  edit(wider);
  commit('Let orders grow');
  const kept = await play('check');
  expect(kept.failed).toBe('Say what changes for whom');
  expect(kept.summary).toContain('orders in prod may grow to 8 tasks instead of 6.');
  expect(kept.summary).toContain('The serial is 1, and was 1. Raise it');
  edit(next);
  commit('Raise the serial');
  expect(await play('check')).toMatchObject({ failed: undefined });
}, 60_000);

it('says that a contract under a new name is compared with nothing, and that the old file is gone', async () => {
  const [last, own] = [before, git('rev-parse', 'HEAD')];
  before = own;
  git('mv', 'tenants/acme.yaml', 'tenants/acme-corp.yaml');
  commit('Rename the file');
  const { summary } = await play('check');
  git('reset', '--quiet', '--hard', own);
  before = last;
  expect(summary).toContain('### tenants/acme-corp.yaml\nIt is a new file, and is compared with nothing');
  expect(summary).toContain('### tenants/acme.yaml\nIt is gone.');
}, 60_000);

it('signs no first contract that only its author has approved', async () => {
  const { failed, printed } = await play('publish', { reviewer: 'dev-ana' });
  expect({ failed, printed }).toMatchObject({ failed: 'Sign and publish what changed' });
  expect(printed).toContain('No contract of acme for prod is in force yet.');
  expect(printed).toContain('dev-ana approved it and had a part in it');
  expect(printed).not.toContain('published');
}, 60_000);

it('signs what changed with a key of KMS and publishes it', async () => {
  const { failed, printed, summary } = await play('publish');
  expect({ failed, printed }).toMatchObject({ failed: undefined });
  expect(summary).toContain('The contract of acme for prod, serial 2: published in td-vault-acme-prod');
  expect(readFileSync(place('temp/identity-token'), 'utf8')).toBe('an identity\n');
  const { accessKeyId, secretAccessKey } = sandbox.operator;
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey });
  const stored = await ambientVault(ORDERS).read(contractKey('prod'));
  const trust = JSON.parse(readFileSync(join(copy.folder, 'trust/provider.json'), 'utf8'));
  const expected = { tenant: 'acme', environment: 'prod', place: 'the vault', at: Date.now() };
  secondSerial = stored?.bytes ?? secondSerial;
  const { contract } = openContract(stored?.bytes ?? new Uint8Array(), trust, expected);
  expect(contract).toMatchObject({
    serial: 2,
    environments: { prod: { services: { orders: { capacity: { maximum: 8 } } } } },
  });
}, 60_000);

const grown = (text: string) =>
  text.replace('maximum: 8 }', 'maximum: 9 }').replace('serial: 2 ', 'serial: 3 ');

it('signs nothing that only its author has approved', async () => {
  before = git('rev-parse', 'HEAD');
  edit(grown);
  commit('Let orders grow again');
  const { failed, printed } = await play('publish', { reviewer: 'dev-ana' });
  expect(failed).toBe('Sign and publish what changed');
  expect(printed).toContain('CONTRACT_NOT_APPROVED: Nobody else has agreed to the contract of acme');
  expect(printed).toContain('dev-ana approved it and had a part in it');
  expect(printed).not.toContain('serial 3: published');
}, 60_000);

it('counts who wrote a change that an earlier run has left unsigned, whoever pushes next', async () => {
  before = git('rev-parse', 'HEAD');
  edit((text) => `${text}# looked at by Kim\n`);
  commit('Add a remark', 'sre-kim');
  const { failed, printed } = await play('publish', { reviewer: 'dev-ana' });
  expect({ failed, printed }).toMatchObject({ failed: 'Sign and publish what changed' });
  expect(printed).toContain('dev-ana approved it and had a part in it');
  expect(printed).not.toContain('serial 3: published');
  before = git('rev-parse', 'HEAD'); // the next push touches no contract, and what is left is still published
}, 60_000);

it('counts who squashed a change in an earlier push, whoever is named as its author and whoever pushes next', async () => {
  const aside = git('rev-parse', 'HEAD');
  edit((text) => `${text}# looked at by Ana\n`);
  commit('Add another remark', 'dev-ana'); // Lou wrote it, in the name of Ana
  await pushed('sre-lou');
  edit((text) => `${text}# and by Kim\n`);
  commit('Add one more', 'sre-kim');
  const { failed, printed } = await play('publish', { reviewer: 'sre-lou' });
  git('reset', '--quiet', '--hard', aside);
  await pushed('sre-kim');
  expect({ failed, printed }).toMatchObject({ failed: 'Sign and publish what changed' });
  expect(printed).toContain('sre-lou approved it and had a part in it');
  expect(printed).not.toContain('serial 3: published');
}, 60_000);

it('records who asked for the change of a contract, who agreed and what it changed, and anybody verifies it offline', async () => {
  const { failed, printed, summary } = await play('publish');
  expect({ failed, printed }).toMatchObject({ failed: undefined });
  expect(summary).toContain('asked for by dev-ana, sre-kim');
  expect(summary).toContain('approved by sre-lou');
  const history = [
    'contract',
    'history',
    place('operations/tenants/acme.yaml'),
    '--environment',
    'prod',
    '--s3',
  ];
  const { accessKeyId, secretAccessKey } = sandbox.operator;
  const env = {
    AWS_ENDPOINT_URL: sandbox.aws.url,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  };
  const cli = join(copy.folder, 'packages/cli/src/main.ts');
  const told = await copy.start([cli, ...history, '--out', place('history.jsonl')], env);
  expect(told).toMatchObject({ exit: 0 });
  const trust = join(copy.folder, 'trust/provider.json');
  const offline = copy.node(cli, 'verify-evidence', place('history.jsonl'), '--trust', trust);
  expect(offline.exit).toBe(0);
  for (const shown of [told.printed, offline.printed]) {
    expect(shown).toMatch(/3 contract {4}\S+ by dev-ana, sre-kim/);
    expect(shown).toContain(`approved by sre-lou in run`);
    expect(shown).toContain('orders in prod may grow to 9 tasks instead of 8.');
    expect(shown).toContain('Everything holds');
  }
  expect(told.printed).toContain('The records begin with serial 3, which replaced serial 2.');
  const vault = ambientVault(ORDERS);
  const stored = await vault.read(contractKey('prod'));
  await vault.replace(contractKey('prod'), secondSerial, stored?.version ?? ''); // as somebody who publishes by hand
  const byHand = await copy.start([cli, ...history], env);
  await vault.replace(
    contractKey('prod'),
    stored?.bytes ?? secondSerial,
    (await vault.read(contractKey('prod')))?.version ?? '',
  );
  expect(byHand).toMatchObject({ exit: 1 });
  expect(byHand.printed).toContain('serial 2 is in force, and the last record is of serial 3');
  expect(byHand.printed).not.toContain('Everything holds');
}, 60_000);

it('demands the approval of somebody who never touched the file where the contract in force has a key that is not trusted any more, and goes on', async () => {
  const stored = await ambientVault(ORDERS).read(contractKey('prod'));
  const trust = JSON.parse(readFileSync(join(copy.folder, 'trust/provider.json'), 'utf8'));
  const expected = { tenant: 'acme', environment: 'prod', place: 'the vault', at: Date.now() };
  const { contract } = openContract(stored?.bytes ?? new Uint8Array(), trust, expected);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const old = keySigner(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 'contract');
  const stranger = await sealContract(contract, old);
  const forge = async (bytes: Uint8Array) => {
    const vault = ambientVault(ORDERS);
    await vault.replace(contractKey('prod'), bytes, (await vault.read(contractKey('prod')))?.version ?? '');
  };
  await forge(stranger);
  const refused = await play('publish', { reviewer: 'dev-ana' });
  expect(refused.printed).toContain('The contract of acme for prod is in force, unreadable.');
  expect(refused.printed).toContain('dev-ana approved it and had a part in it');
  expect(refused.failed).toBe('Sign and publish what changed');
  const { failed, printed, summary } = await play('publish');
  expect({ failed, printed }).toMatchObject({ failed: undefined });
  expect(summary).toContain('approved by sre-lou');
  expect(summary).toContain('The contract of acme for prod, serial 3: published');
}, 60_000);

it('gives a pull request no identity, and signs after a review alone', () => {
  const { check, publish } = jobsOf();
  expect(check.permissions).toEqual({ contents: 'read' });
  expect(publish).toMatchObject({
    if: expect.stringContaining("github.event_name == 'push' }}"),
    permissions: { actions: 'read', contents: 'read', 'id-token': 'write' },
    environment: { name: 'contracts' },
  });
});

describe('whoever pushes to the default branch of the provider', () => {
  const stolen = () => place('temp/stolen');
  beforeAll(() => {
    const thief = `import { copyFileSync } from 'node:fs';
      copyFileSync(process.env.AWS_WEB_IDENTITY_TOKEN_FILE, ${JSON.stringify(stolen())});`;
    mkdirSync(join(copy.folder, 'dist'), { recursive: true });
    writeFileSync(join(copy.folder, 'dist/tenant-delivery.mjs'), thief);
    copy.git('add', '--all', '--force', 'dist');
    copy.git('commit', '--quiet', '--message', 'Improve the command');
  });

  it('runs nothing in the job that signs, which may be run again', async () => {
    const { failed, printed, summary } = await play('publish');
    expect({ failed, printed }).toMatchObject({ failed: undefined });
    expect(summary).toContain('The contract of acme for prod, serial 3');
    expect(existsSync(stolen())).toBe(false);
  }, 60_000);

  it.each([
    ['names no ref', (text: string) => text.replaceAll(/^ *ref: .*\n/gm, '')],
    ['names a branch', (text: string) => text.replaceAll(/ref: refs\/tags\/.*$/gm, 'ref: main')],
  ])(
    'would have its identity if the checkout %s',
    async (_, change) => {
      rmSync(stolen(), { force: true });
      await play('publish', { change });
      expect(readFileSync(stolen(), 'utf8')).toBe('an identity\n');
    },
    60_000,
  );
});
