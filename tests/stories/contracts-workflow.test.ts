import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ambientVault } from '@tenant-delivery/aws/s3/ambient-vault';
import { run } from '@tenant-delivery/cli/run';
import { keySigner } from '@tenant-delivery/evidence/keys';
import type { RunResult } from '@tenant-delivery/local-github';
import { commitFiles } from '@tenant-delivery/local-github/git/write';
import { authorOf, push } from '@tenant-delivery/local-github/world/activity';
import { mergePullRequest } from '@tenant-delivery/local-github/world/merge-pull-request';
import { synchronise } from '@tenant-delivery/local-github/world/pull-request';
import { userNamed } from '@tenant-delivery/local-github/world/user';
import { contractKey } from '@tenant-delivery/tenancy/derived-names';
import { openContract, sealContract } from '@tenant-delivery/tenancy/sealed-contract';
import { ORDERS } from '../stage/acme.ts';
import {
  type Login,
  OPERATIONS,
  type OperationsStage,
  operationsFiles,
  operationsStage,
} from '../stage/operations-stage.ts';

const LINT = 'Lint every contract';
const LISTS = 'Compare the lists of the workflows with the contracts';
const SAY = 'Say what changes for whom, and in the account';
const SIGN = 'Sign and publish what changed';

type PullRequest = Awaited<ReturnType<OperationsStage['github']['openPullRequest']>>;

let stage: OperationsStage;
/** What main has, by path. */
let files: Record<string, string>;

beforeAll(async () => {
  const { 'tenants/globex.yaml': _, ...template } = operationsFiles(); // it has no account here
  const acme = template['tenants/acme.yaml'] ?? '';
  files = {
    ...template,
    'tenants/acme.yaml': acme
      .slice(0, acme.indexOf('  staging:'))
      .replace('    promotion: { from: staging }\n', ''),
  };
  stage = await operationsStage(files);
  const { accessKeyId, secretAccessKey } = stage.operator;
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey });
}, 120_000);
afterAll(() => stage.close());

const CONTRACT = 'tenants/acme.yaml';
const acme = (change: (text: string) => string) => ({ [CONTRACT]: change(files[CONTRACT] ?? '') });

interface Push {
  readonly by: Login;
  /** Whom the commit names as its author; who pushes it when absent. */
  readonly author?: Login;
  readonly branch?: string;
}

/** Commits to a branch and pushes it. */
async function pushed(changed: Record<string, string>, { by, author = by, branch = 'main' }: Push) {
  const { world } = stage.github;
  const commit = { files: changed, message: `Change ${Object.keys(changed).join(', ')}`, by };
  const named = authorOf(userNamed(world, author));
  await push(world, stage.operations, { ...commit, branch, from: 'main', author: named });
  if (branch === 'main') files = { ...files, ...changed };
}

const proposed = (head: string, user: Login) =>
  stage.github.openPullRequest({ repository: OPERATIONS, head, user, title: `Merge ${head}` });

/** Merged as a squash, as most repositories do: its only commit has the name of who opened the pull request. */
async function merged(pull: PullRequest, by: Login, changed: Record<string, string>) {
  await mergePullRequest(stage.github.world, pull, { by, method: 'squash' });
  files = { ...files, ...changed };
}

async function checked(pull: PullRequest, actor: Login) {
  await synchronise(stage.github.world, pull); // GitHub merges again whenever one of the branches moves
  return stage.run({ event: 'pull_request', ref: `refs/pull/${pull.number}/merge`, actor });
}

/** What a push to main starts. */
const published = (actor: Login, approveAs: Login) =>
  stage.run({ event: 'push', ref: 'refs/heads/main', actor, approveAs });

const logOf = ({ jobs }: RunResult) => jobs.map(({ log }) => log).join('\n');

const job = ({ jobs }: RunResult, name: string) => jobs.find((each) => each.name === name);

/** How each job ended, and at which step. */
function endsOf({ jobs }: RunResult) {
  const ends = jobs.map(({ name, conclusion, steps }) => {
    const failed = steps.find((step) => step.conclusion === 'failure');
    return [name, failed?.name ?? conclusion];
  });
  return Object.fromEntries(ends);
}

const HISTORY = ['contract', 'history', CONTRACT, '--environment', 'prod', '--s3', '--trust', 'trust.json'];

const wider = (text: string) => text.replace('maximum: 6 }', 'maximum: 8 }');
const next = (text: string) =>
  text.replace(/^serial: (\d+)/m, (_, serial: string) => `serial: ${Number(serial) + 1}`);

/** The contract in force, as it is signed. */
async function inForce() {
  const stored = await ambientVault(ORDERS).read(contractKey('prod'));
  const bytes = stored?.bytes ?? new Uint8Array();
  const expected = { tenant: 'acme', environment: 'prod', place: 'the vault', at: Date.now() };
  return { stored, bytes, ...openContract(bytes, JSON.parse(stage.trust), expected) };
}

/** Puts other bytes in its place, as no workflow does. */
async function replaced(bytes: Uint8Array): Promise<void> {
  const vault = ambientVault(ORDERS);
  await vault.replace(contractKey('prod'), bytes, (await vault.read(contractKey('prod')))?.version ?? '');
}

describe('a pull request', () => {
  let pull: PullRequest;

  it('is refused while a list of the workflows is not what the contracts say', async () => {
    await pushed(acme(wider), { by: 'dev-ana', branch: 'grow' });
    pull = await proposed('grow', 'dev-ana');
    const result = await checked(pull, 'dev-ana');
    expect(endsOf(result)).toEqual({ check: LISTS, publish: 'skipped' });
    expect(logOf(result)).toContain('verify.yml does not have what the contracts say.');
    expect(job(result, 'check')?.steps.find(({ name }) => name === LINT)?.conclusion).toBe('success');
    await pushed(await listed(), { by: 'ops-eve' });
  }, 120_000);

  it('says what changes for whom and in the account, and is refused if it keeps the serial', async () => {
    const result = await checked(pull, 'dev-ana');
    expect([endsOf(result), logOf(result)]).toMatchObject([{ check: SAY, publish: 'skipped' }, {}]);
    const said = job(result, 'check')?.summary;
    expect(said).toContain('which the pull request would be merged into');
    expect(said).toContain('orders in prod may grow to 8 tasks instead of 6.');
    expect(said).toContain('In the account');
    expect(said).toContain('The serial is 1, and was 1. Raise it');
  }, 120_000);

  it('passes with a new serial, and gets no identity', async () => {
    await pushed(
      acme((text) => next(wider(text))),
      { by: 'dev-ana', branch: 'grow' },
    );
    const result = await checked(pull, 'dev-ana');
    expect([endsOf(result), logOf(result)]).toMatchObject([{ check: 'success', publish: 'skipped' }, {}]);
    await merged(
      pull,
      'sre-kim',
      acme((text) => next(wider(text))),
    );
    expect(stage.aws.calls).toEqual([]);
  }, 120_000);
});

describe('a push to main', () => {
  it('signs no first contract that only its author has approved', async () => {
    const result = await published('sre-kim', 'dev-ana');
    expect(endsOf(result)).toEqual({ check: 'success', publish: SIGN });
    expect(logOf(result)).toContain('No contract of acme for prod is in force yet.');
    expect(logOf(result)).toContain('dev-ana approved it and had a part in it');
    expect(await ambientVault(ORDERS).read(contractKey('prod'))).toBeUndefined();
  }, 120_000);

  it('says what an earlier run left behind, though the push after it is harmless, and publishes it', async () => {
    await pushed({ 'tenants/README.md': 'One file a tenant.\n' }, { by: 'sre-kim' });
    const result = await published('sre-kim', 'sre-lou');
    expect([endsOf(result), logOf(result)]).toMatchObject([{ check: 'success', publish: 'success' }, {}]);
    expect(job(result, 'check')?.summary).toContain('No run of contracts.yml for main has succeeded yet');
    expect(job(result, 'check')?.summary).toContain('### `acme.yaml`');
    const summary = job(result, 'publish')?.summary;
    expect(summary).toContain('The contract of acme for prod, serial 2: published in td-vault-acme-prod');
    const { contract } = await inForce();
    const capacity = { maximum: 8 };
    expect(contract).toMatchObject({
      serial: 2,
      environments: { prod: { services: { orders: { capacity } } } },
    });
  }, 120_000);

  it('counts who pushed to the branch of a pull request, whoever is named as the author and whoever merged it', async () => {
    const grown = acme((text) => next(text.replace('maximum: 8 }', 'maximum: 9 }')));
    await pushed(grown, { by: 'sre-lou', author: 'dev-ana', branch: 'forged' });
    await merged(await proposed('forged', 'dev-ana'), 'sre-kim', grown);
    const result = await published('sre-kim', 'sre-lou');
    expect(endsOf(result)).toEqual({ check: 'success', publish: SIGN });
    expect(logOf(result)).toContain('sre-lou approved it and had a part in it');
    expect((await inForce()).contract.serial).toBe(2);
  }, 120_000);

  it('still says that change after a harmless push, and counts who had a part in it', async () => {
    await pushed({ 'tenants/README.md': 'One file for each tenant.\n' }, { by: 'sre-kim' });
    const result = await published('sre-kim', 'sre-lou');
    expect(endsOf(result)).toEqual({ check: 'success', publish: SIGN });
    expect(job(result, 'check')?.summary).toContain('the head of the last run that succeeded');
    expect(job(result, 'check')?.summary).toContain('orders in prod may grow to 9 tasks instead of 8.');
    expect(logOf(result)).toContain('sre-lou approved it and had a part in it');
  }, 120_000);

  it('records who asked, who agreed and what changed, and anybody verifies it offline', async () => {
    const result = await published('sre-kim', 'sre-max');
    expect([endsOf(result), logOf(result)]).toMatchObject([{ check: 'success', publish: 'success' }, {}]);
    expect(job(result, 'publish')?.summary).toContain('asked for by dev-ana, sre-kim, sre-lou');
    expect(job(result, 'publish')?.summary).toContain('approved by sre-max');
    const history = [
      'contract',
      'history',
      CONTRACT,
      '--environment',
      'prod',
      '--s3',
      '--trust',
      'trust.json',
    ];
    const told = await command(...history, '--out', 'history.jsonl');
    const offline = await command('verify-evidence', 'history.jsonl', '--trust', 'trust.json');
    for (const { exit, printed } of [told, offline]) {
      expect([exit, printed]).toEqual([
        0,
        expect.stringMatching(/3 contract {4}\S+ by dev-ana, sre-kim, sre-lou/),
      ]);
      expect(printed).toContain('approved by sre-max in run');
      expect(printed).toContain('orders in prod may grow to 9 tasks instead of 8.');
      expect(printed).toContain('Everything holds');
    }
    expect(told.printed).toContain('The records begin with serial 3, which replaced serial 2.');
  }, 120_000);

  it('shows a gap where a person published by hand, who can still record it and say that no job vouches for it', async () => {
    await pushed(acme(next), { by: 'ops-eve' });
    const { cwd } = await command('contract', 'lint', CONTRACT);
    writeFileSync(join(cwd, 'before.json'), (await inForce()).bytes);
    const sign = [
      'contract',
      'sign',
      CONTRACT,
      '--environment',
      'prod',
      '--key',
      'key.pem',
      '--out',
      'by-hand.json',
    ];
    const publish = ['contract', 'publish', 'by-hand.json', '--s3', '--trust', 'trust.json'];
    expect(await command(...sign)).toMatchObject({ exit: 0 });
    expect(await command(...publish)).toMatchObject({ exit: 0 });
    const gap = await command(...HISTORY);
    expect(gap.exit).toBe(1);
    expect(gap.printed).toContain(
      'serial 4 is in force, and the last record is of serial 3: it was published by hand',
    );
    expect(gap.printed).toContain('--by-hand REASON');
    const record = ['--record', 'record.json'];
    const why = ['--before', 'before.json', '--trust', 'trust.json', '--by-hand', 'GitHub was down'];
    expect(await command(...sign, ...record, ...why)).toMatchObject({ exit: 0 });
    expect(await command(...publish, ...record)).toMatchObject({ exit: 0 });
    const told = await command(...HISTORY);
    expect([told.exit, told.printed]).toEqual([0, expect.stringContaining('Everything holds')]);
    expect(told.printed).toContain(
      'signed by hand by arn:aws:iam::000011112222:user/operator, because: GitHub was down',
    );
    expect(told.printed).toContain('no job vouches for who asked for it or who agreed');
  }, 120_000);

  it('demands the approval of somebody who never touched the file where the key of the contract in force is not trusted any more, and goes on', async () => {
    const { contract } = await inForce();
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const old = keySigner(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 'contract');
    await replaced(await sealContract(contract, old));
    const refused = await published('sre-kim', 'dev-ana');
    expect(logOf(refused)).toContain('The contract of acme for prod is in force, unreadable.');
    expect(logOf(refused)).toContain('dev-ana approved it and had a part in it');
    expect(endsOf(refused)).toMatchObject({ publish: SIGN });
    const result = await published('sre-kim', 'sre-max');
    expect([endsOf(result), logOf(result)]).toMatchObject([{ publish: 'success' }, {}]);
    expect(job(result, 'publish')?.summary).toContain('The contract of acme for prod, serial 4: published');
  }, 120_000);
});

describe('whoever pushes to the default branch of the provider', () => {
  const stolen = () => join(stage.folder, 'stolen');
  beforeAll(async () => {
    const thief = `import { copyFileSync } from 'node:fs';
      const token = process.env.AWS_WEB_IDENTITY_TOKEN_FILE;
      if (token) copyFileSync(token, ${JSON.stringify(stolen())});`;
    const author = { name: 'Kim', email: 'kim@example.org' };
    await commitFiles(stage.provider.path, {
      ...{
        branch: 'main',
        files: { 'dist/tenant-delivery.mjs': thief },
        message: 'Improve the command',
        author,
      },
    });
  });

  it('runs nothing in the job that signs', async () => {
    const result = await published('sre-kim', 'sre-max');
    expect([endsOf(result), logOf(result)]).toMatchObject([{ check: 'success', publish: 'success' }, {}]);
    expect(job(result, 'publish')?.summary).toContain('The contract of acme for prod, serial 4');
    expect(existsSync(stolen())).toBe(false);
  }, 120_000);

  it.each([
    ['names no ref', (text: string) => text.replaceAll(/^ *ref: .*\n/gm, '')],
    ['names a branch', (text: string) => text.replaceAll(/ref: refs\/tags\/.*$/gm, 'ref: main')],
  ])(
    'would have its identity if the checkout %s',
    async (how, change) => {
      rmSync(stolen(), { force: true });
      const workflow = '.github/workflows/contracts.yml';
      const template = files[workflow] ?? '';
      // the filter of the workflow wants a change of a tenant
      const changed = { [workflow]: change(template), 'tenants/README.md': `It ${how}.\n` };
      await pushed(changed, { by: 'ops-eve' });
      await published('sre-kim', 'sre-max');
      await pushed({ [workflow]: template }, { by: 'ops-eve' });
      expect(existsSync(stolen())).toBe(true);
    },
    120_000,
  );
});

/** A command of this work tree, typed in a folder that has what main has and the trust file of the release. */
async function command(...args: readonly string[]) {
  const cwd = join(stage.folder, 'terminal');
  for (const [name, text] of Object.entries({
    ...files,
    'trust.json': stage.trust,
    'key.pem': stage.privateKey,
  })) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
  const printed: string[] = [];
  const say = (line: string) => void printed.push(line);
  const io = { cwd, env: process.env, out: say, err: say, interrupted: new AbortController().signal };
  return { exit: await run(args, io), printed: printed.join('\n'), cwd };
}

/** The workflows with the lists that the contracts ask for. */
async function listed() {
  const { cwd } = await command('contract', 'matrix', CONTRACT, '--workflows', '.github/workflows');
  const workflows = Object.keys(files).filter((name) => name.startsWith('.github/workflows/'));
  return Object.fromEntries(workflows.map((name) => [name, readFileSync(join(cwd, name), 'utf8')]));
}
