import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { main } from '@tenant-delivery/action-kit/main';
import { keyProof } from '@tenant-delivery/aws/iam/key-proof';
import { ambientVault } from '@tenant-delivery/aws/s3/ambient-vault';
import { keyEscrow } from '@tenant-delivery/aws/secrets/key-escrow';
import { clientConfig } from '@tenant-delivery/aws/session/client-config';
import { startSession } from '@tenant-delivery/aws/session/session';
import { localKeys, templateContract } from '@tenant-delivery/delivery/test/in-memory-delivery';
import { DAY, HOUR } from '@tenant-delivery/domain';
import { exportRotation } from '@tenant-delivery/evidence/rotation-record';
import type { TrustFile } from '@tenant-delivery/evidence/trust';
import { verifyEvidence } from '@tenant-delivery/evidence/verify';
import { seedAccessKey, seedUser, usersOf } from '@tenant-delivery/local-aws/services/iam';
import { bucketsOf } from '@tenant-delivery/local-aws/services/s3';
import { secretsOf, seedSecret } from '@tenant-delivery/local-aws/services/secretsmanager';
import { issueSession, keysOf } from '@tenant-delivery/local-aws/world/keys';
import { type ManualClock, manualClock } from '@tenant-delivery/local-aws/world/manual-clock';
import { type LocalGithub, startLocalGithub } from '@tenant-delivery/local-github';
import { commitFiles, createGitRepository } from '@tenant-delivery/local-github/git/write';
import { addApp, installApp } from '@tenant-delivery/local-github/world/app';
import type { Repository } from '@tenant-delivery/local-github/world/repository';
import {
  type Holder,
  ownedBy,
  type Sharing,
  storeOf,
} from '@tenant-delivery/local-github/world/secret-store';
import { boot } from '@tenant-delivery/local-platform/boot-action';
import { type HeldKey, type KeyUser, keyUsers } from '@tenant-delivery/local-platform/key-users';
import { agreedWorld } from '@tenant-delivery/rotate-access/agreed/world';
import { readRotateInputs } from '@tenant-delivery/rotate-access/inputs';
import { run } from '@tenant-delivery/rotate-access/run';
import { fingerprintOf } from '@tenant-delivery/rotation/fingerprint';
import { Secret } from '@tenant-delivery/rotation/secret';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { publishContract } from '@tenant-delivery/tenancy/publish';
import { cutTo, sealContract } from '@tenant-delivery/tenancy/sealed-contract';
import { type FakeRunner, fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { acmeSandbox, keyInKms, ORDERS, ROTATION_JOB, type Sandbox } from '../stage/a-job.ts';
import { allowing, putRoleWith } from '../stage/granting.ts';
import { operationsAt, type Reviewed } from '../stage/reviewed-run.ts';
import { seedRolesFor } from '../stage/rotating-roles.ts';
import { argumentsOf, secretsIn, spellings } from '../stage/spelled-secrets.ts';
import { changesIn, recordsIn } from '../stage/stage.ts';

/*
 * A rotation of a contract from its first run to its last, in virtual weeks: the action's own code with sessions by the
 * job's token, the contract, the App and the vault, over local-aws and local-github, while everybody uses the key.
 */
const { tenant, environment, account, region } = ORDERS;
const ROOT = join(import.meta.dirname, '../..');
const CREDENTIAL = 'ci-legacy';
const SYSTEM = 'td/prod/legacy-key';
const APP = {
  secrets: 'write',
  actions_variables: 'write',
  environments: 'write',
  organization_secrets: 'write',
  organization_actions_variables: 'write',
  actions: 'write',
} as const;

const inGithub = { kind: 'github', repository: 'acme/legacy', cadenceHours: 24 } as const;
const ALL = [
  { ...inGithub, environment: 'ci', mode: 'slots', name: 'AWS_KEY', probe: 'verify-ci.yml' },
  { ...inGithub, organisation: true, mode: 'slots', name: 'ACME_KEY', probe: 'verify-acme.yml' },
  {
    ...inGithub,
    mode: 'pair',
    idName: 'AWS_ACCESS_KEY_ID',
    secretName: 'AWS_SECRET_ACCESS_KEY',
    probe: 'verify-pair.yml',
  },
  { kind: 'secrets-manager', secret: SYSTEM, reader: 'legacy-task', cadenceHours: 24 },
  { kind: 'external', name: 'hq', cadenceHours: 24 },
] as const;

/** Who comes an hour after the next may go on sees more of it; the slots of an organisation are as those of an environment. */
const full = process.env['PROOF'] === 'full';
const CONSUMERS = ALL.filter((each) => full || !('organisation' in each));
const COMES_AFTER = (full ? 0.5 : 60) * HOUR;

/** Who reads the organisation's secrets. */
const SHARED: KeyUser = {
  name: 'acme',
  probe: 'verify-acme.yml',
  read: async () => slot(acme(), 'ACME_KEY'),
  at: (at) => slot(acme(), 'ACME_KEY', at),
};

let clock: ManualClock;
let sandbox: Sandbox;
let github: LocalGithub;
let legacy: Repository;
let trust: TrustFile;
let users: ReturnType<typeof keyUsers>;
let headquarters: HeldKey;
let reviewed: Awaited<ReturnType<typeof operationsAt>>;
const runners: FakeRunner[] = [];
const secrets: Record<string, string> = {};
const printed: Record<string, string> = {};

beforeAll(async () => {
  clock = manualClock();
  sandbox = await acmeSandbox(1, { clock });
  const { world } = sandbox.aws;
  const user = seedUser(world, account, { name: 'acme-ci', path: '/td-rotatable/' });
  const old = seedAccessKey(world, account, user, 61 * DAY);
  headquarters = { id: old.accessKeyId, secret: old.secretAccessKey };
  for (const name of ['td/rotation/acme-ci', SYSTEM])
    seedSecret(world, account, region, { name, value: JSON.stringify(old) });

  github = await startLocalGithub({ clock });
  const path = join(sandbox.folder, 'legacy.git');
  await createGitRepository(path);
  const workflow = readFileSync(join(ROOT, 'templates/workflow-templates/verify-slot.yml'), 'utf8');
  const files = {
    '.github/workflows/verify-ci.yml': workflow,
    '.github/workflows/verify-acme.yml': workflow,
    '.github/workflows/verify-pair.yml': workflow.replace('options: [A, B]', 'options: [pair]'), // GitHub refuses another
  };
  const author = { name: 'Ana', email: 'ana@example.com' };
  const sha = await commitFiles(path, { branch: 'main', files, message: 'Begin\n', author });
  legacy = github.addRepository({ owner: 'acme', ownerId: 123456, name: 'legacy', id: 456790, path });
  github.setEnvironment('acme/legacy', { name: 'ci' });
  const { app, privateKey } = addApp(github.world, {
    id: 77,
    slug: 'rotator',
    owner: 'acme',
    permissions: APP,
  });
  installApp(github.world, app, { account: 'acme' });
  seedSecret(world, account, region, { name: 'td/rotation/github-app', value: privateKey });
  secrets['the key of the App'] = privateKey.split('\n')[3] ?? '';
  reviewed = await operationsAt(github, sandbox.folder);
  begun();
  users = keyUsers(
    [
      {
        name: 'ci',
        probe: 'verify-ci.yml',
        read: async () => slot(ci(), 'AWS_KEY'),
        at: (at) => slot(ci(), 'AWS_KEY', at),
      },
      ...(full ? [SHARED] : []),
      { name: 'nightly', probe: 'verify-pair.yml', read: async () => pair(), at: () => pair() },
      { name: 'the system', read: bySystem },
      { name: 'hq', read: async () => headquarters },
    ],
    {
      github,
      repository: legacy,
      sha,
      now: () => clock.now(),
      every: 23 * HOUR,
      fingerprint: (id) => fingerprintOf(account, id),
      use: async ({ id, secret }) =>
        (await keyProof(configOf(reader())).identity({
          id,
          secret: Secret.born(secret, id, { mask() {} }),
        })) !== 'not-valid',
    },
  );

  const keys = localKeys();
  const contract: TenantContract = agreed(cutTo(templateContract('acme'), 'prod'));
  await seedRolesFor(sandbox.aws, contract.environments['prod']?.credentials ?? []);
  const contractKeys = keys.trust.keys.filter(({ duty }) => duty === 'contract');
  trust = { schemaVersion: 1, keys: [...contractKeys, keyInKms(sandbox.aws, 'rotate')] };
  await writeFile(sandbox.env['TENANT_DELIVERY_LOCAL_TRUST'] ?? '', JSON.stringify(trust));
  process.env['AWS_ACCESS_KEY_ID'] = sandbox.operator.accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = sandbox.operator.secretAccessKey;
  const sealed = await sealContract(contract, keys.signers.contract);
  await publishContract(ambientVault(ORDERS), sealed, trust, { ...ORDERS, at: clock.now() });
});
afterAll(async () => {
  await github.close();
  await sandbox.close();
});

function agreed(contract: TenantContract): TenantContract {
  const prod = contract.environments['prod'];
  if (!prod) throw new Error('acme has prod');
  const credentials = (prod.credentials ?? []).map((each) =>
    each.kind === 'iam-access-key' ? { ...each, consumers: [...CONSUMERS] } : each,
  );
  return { ...contract, environments: { prod: { ...prod, credentials } } };
}

const ci = (): Holder => {
  const found = legacy.environments.get('ci');
  if (!found) throw new Error('the environment was made before');
  return { kind: 'environment', repository: legacy, environment: found };
};
const acme = (): Holder => ({ kind: 'organisation', organisation: legacy.owner });
const itself = (): Holder => ({ kind: 'repository', repository: legacy });

/** What everybody has before the first rotation: the old key, the slot A, an organisation that shares with one repository. */
function begun(): void {
  const { id, secret } = headquarters;
  const keep = (holder: Holder, of: 'secrets' | 'variables', name: string, value: string) => {
    const at = { createdAt: clock.now(), updatedAt: clock.now() };
    const sharing: Sharing = { visibility: 'selected', selected: new Set([legacy.id]) };
    const kept = { name, value, ...at, ...(holder.kind === 'organisation' && { sharing }) };
    storeOf(github.world, holder)[of].set(name, kept);
  };
  for (const [holder, name] of [
    [ci(), 'AWS_KEY'],
    ...(full ? [[acme(), 'ACME_KEY'] as const] : []),
  ] as const) {
    keep(holder, 'secrets', `${name}_ID_A`, id);
    keep(holder, 'secrets', `${name}_SECRET_A`, secret);
    keep(holder, 'variables', `${name}_SLOT`, 'A');
  }
  keep(itself(), 'secrets', 'AWS_ACCESS_KEY_ID', id);
  keep(itself(), 'secrets', 'AWS_SECRET_ACCESS_KEY', secret);
}

function slot(holder: Holder, name: string, at?: string): HeldKey | undefined {
  const held = ownedBy(github.world, holder, 'secrets');
  const place = at ?? ownedBy(github.world, holder, 'variables')[`${name}_SLOT`];
  return keyOf(held[`${name}_ID_${place}`], held[`${name}_SECRET_${place}`]);
}

function pair(): HeldKey | undefined {
  const held = ownedBy(github.world, itself(), 'secrets');
  return keyOf(held['AWS_ACCESS_KEY_ID'], held['AWS_SECRET_ACCESS_KEY']);
}

function keyOf(id: string | undefined, secret: string | undefined): HeldKey | undefined {
  return id && secret ? { id, secret } : undefined;
}

/** A session of the system's own role. */
function reader() {
  putRoleWith(sandbox.aws, account, {
    name: 'legacy-task',
    policy: allowing(['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue']),
  });
  const arn = `arn:aws:sts::${account}:assumed-role/legacy-task/task-1`;
  return issueSession(sandbox.aws.world, { account, arn }, clock.now() + HOUR);
}

function configOf(credentials: ReturnType<typeof reader>) {
  const base = { region, local: true, scale: 1, userAgent: 'a system' };
  return clientConfig(base, async () => ({ ...credentials, expiration: new Date(8.64e15) }));
}

/** The system reads the current version of its secret, as itself. */
async function bySystem(): Promise<HeldKey | undefined> {
  const config = configOf(reader());
  const secret = keyEscrow(config, config, { account, secret: SYSTEM, masker: { mask() {} } });
  const state = await secret.describe();
  const current =
    state.kind === 'usable' && state.versions.find(({ stages }) => stages.includes('AWSCURRENT'));
  const found = current ? await secret.read(current.id) : undefined;
  return found && { id: found.id, secret: found.secret.reveal() };
}

/** Lets time pass, with all that the users of the key do in it. */
async function pass(milliseconds: number): Promise<void> {
  const until = clock.now() + milliseconds;
  for (let next = users.next(); next <= until; next = users.next()) {
    await clock.advance(next - clock.now());
    await users.act();
  }
  await clock.advance(until - clock.now());
  await users.answer();
}

const INPUTS = {
  contract: 'signed',
  mode: 'run',
  tenant,
  environment,
  account,
  region,
  credential: CREDENTIAL,
};

/** What a process of the world's time is told: it goes on from this moment as the machine's does. */
const timed = () => ({
  ...sandbox.env,
  LOCAL_CLOCK: `1,${clock.now()},${performance.timeOrigin + performance.now()}`,
});

/** One run of the action, as its `main.ts` makes it, in the time of the world. */
async function rotated(inputs: Readonly<Record<string, string>> = {}, told?: Reviewed) {
  const waits = inputs['acknowledge'] !== undefined || inputs['wish'] === 'compromise';
  const { claims, token } = waits ? await reviewed(told) : { claims: ROTATION_JOB, token: '' };
  const runner = fakeRunner({
    idToken: sandbox.runner(claims).idToken,
    context: { apiUrl: github.apiUrl, ...('run_id' in claims && { runId: claims.run_id }) },
    inputs: { ...INPUTS, 'github-token': token, ...inputs },
  });
  runners.push(runner);
  const [from, asked] = [sandbox.aws.calls.length, github.calls.length];
  await main('rotate-access', runner, async () => {
    const request = readRotateInputs(runner);
    if (request.kind !== 'agreed') throw new Error('these have a contract');
    const env = timed();
    const { opened } = await startSession(runner, env, { tenant, environment, account, region }, ['journal']);
    const inTime = opened.then((session) => ({
      ...session,
      clock: { now: () => clock.now(), sleep: (milliseconds: number) => pass(milliseconds) },
    }));
    return run({ ...request, world: await agreedWorld(runner, env, request.given, inTime) });
  });
  remember();
  const writes = github.calls.slice(asked).filter(({ method }) => method !== 'GET');
  return { runner, outcome: runner.outputs['outcome'], calls: sandbox.aws.calls.slice(from), writes };
}

/** Every secret that is there now, so that one that goes is not forgotten. */
function remember(): void {
  const { world } = sandbox.aws;
  for (const { accessKeyId, secretAccessKey, sessionToken } of Object.values(keysOf(world))) {
    secrets[`the secret of ${accessKeyId}`] = secretAccessKey;
    if (sessionToken) secrets[`the token of ${accessKeyId}`] = sessionToken;
  }
  for (const token of github.world.tokens.keys()) secrets[`a token of GitHub ${token.slice(0, 8)}`] = token;
}

const vault = () => bucketsOf(sandbox.aws.world)[`td-vault-acme-prod-${account}`]?.objects ?? {};
const journal = () => Object.keys(vault()).filter((key) => key.startsWith('rotation/'));
const held = (name: string) =>
  Object.values(secretsOf(sandbox.aws.world, account, region)[name]?.versions ?? {}).find(({ stages }) =>
    stages.includes('AWSCURRENT'),
  )?.value ?? '{}';

test('a dry run says what comes, and changes nothing', async () => {
  const planned = await rotated({ mode: 'dry-run' });
  expect(planned.outcome).toBe('planned');
  expect([changesIn(planned.calls), recordsIn(planned.calls), journal()]).toEqual([[], [], []]);
  expect([...new Set(planned.writes.map(({ path }) => path.split('/').at(-1)))]).toEqual(['access_tokens']);
});

test.each<readonly [string, Reviewed, string]>([
  [
    'a bot started',
    { by: 'dependabot[bot]' },
    'dependabot[bot] started the run, and GitHub does not say for whom',
  ],
  ['no reviewer let go', { protection: { reviewers: [] } }, 'requires no reviewer'],
  [
    'an administrator may let go',
    { protection: { adminsBypass: true } },
    'lets administrators bypass its rules',
  ],
  [
    'its starter let go alone',
    { by: 'lead-ben', protection: { preventSelfReview: false } },
    'lead-ben asked for it',
  ],
])('a leak and an acknowledgement are taken from no run that %s', async (_, told, words) => {
  for (const inputs of [{ wish: 'compromise' }, { acknowledge: 'hq=0123456789ab' }]) {
    const refused = await rotated(inputs, told);
    expect(refused.runner.outputs['reason-code']).toBe('ROTATION_NOT_APPROVED');
    expect(refused.runner.log.concat(refused.runner.errors.map(({ headline }) => headline)).join()).toContain(
      words,
    );
    expect([changesIn(refused.calls), recordsIn(refused.calls), journal()]).toEqual([[], [], []]);
  }
});

test('the key of a contract rotates to its end while all use it, and nobody ever finds one that does not work', async () => {
  const outcomes: unknown[] = [];
  let acknowledge = '';
  for (let runs = 0; runs < 60 && outcomes.at(-1) !== 'rotated'; runs += 1) {
    const { runner, outcome } = await rotated(acknowledge ? { acknowledge: `hq=${acknowledge}` } : {});
    outcomes.push(outcome);
    const asked = /external:hq has not yet shown that it has the key ([0-9a-f]{12})/.exec(
      runner.log.join('\n'),
    )?.[1];
    acknowledge = asked ?? '';
    if (asked) {
      const id = usersOf(sandbox.aws.world, account)['acme-ci']?.keys.at(-1)?.accessKeyId ?? '';
      headquarters = keyOf(id, keysOf(sandbox.aws.world)[id]?.secretAccessKey) ?? headquarters;
    }
    if (outcomes.length === 3) await startedForReal();
    await pass(Math.max(Date.parse(runner.outputs['next-eligible-at'] ?? '') - clock.now(), COMES_AFTER));
  }
  expect(outcomes.slice(0, -1)).toEqual(outcomes.slice(1).map(() => 'in-progress'));
  expect(outcomes.at(-1)).toBe('rotated');
  expect([users.outages, users.used() > 40]).toEqual([[], true]);

  const [key, ...others] = (usersOf(sandbox.aws.world, account)['acme-ci']?.keys ?? []).filter(
    ({ deleted }) => deleted === undefined,
  );
  expect(others).toEqual([]);
  const id = key?.accessKeyId ?? '';
  const acmes = full ? [slot(acme(), 'ACME_KEY')?.id] : [];
  const everybody = [slot(ci(), 'AWS_KEY')?.id, ...acmes, pair()?.id, headquarters.id];
  expect(everybody).toEqual(everybody.map(() => id));
  for (const name of [SYSTEM, 'td/rotation/acme-ci']) expect(JSON.parse(held(name)).accessKeyId).toBe(id);
  const left = [ci(), acme()].flatMap((holder) => Object.keys(ownedBy(github.world, holder, 'secrets')));
  expect(left.filter((name) => name.endsWith('_A'))).toEqual([]); // the old key is at no consumer any more
}, 300_000);

/** A run of the shipped bundle, while the old key is drained: what it prints, and the arguments of its processes. */
async function startedForReal(): Promise<void> {
  const issuer = createServer(async (_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ value: await sandbox.runner(ROTATION_JOB).idToken('sts.amazonaws.com') }));
  });
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
  const { port } = issuer.address() as AddressInfo; // it listens
  const env = {
    ...timed(),
    GITHUB_API_URL: github.apiUrl,
    GITHUB_REPOSITORY: ROTATION_JOB.repository,
    GITHUB_RUN_ID: '9001',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_JOB: 'rotate',
    ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/?a=b`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'of-the-runner',
  };
  const seen: string[] = [];
  const booted = await boot('rotate-access', { inputs: INPUTS, env }, ({ file, folder, env: given }) => {
    const child = spawn(process.execPath, [file], {
      cwd: folder,
      env: given,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        text += String(chunk);
      });
    const timer = setInterval(() => seen.push(...argumentsOf(child.pid ?? 0)), 20);
    return new Promise((resolve) =>
      child.on('close', (exitCode) => {
        clearInterval(timer);
        resolve({ exitCode, text });
      }),
    );
  });
  issuer.close();
  remember();
  const masks = /^::add-mask::.*$/gm; // which the runner takes, and shows to nobody
  printed['the log of the bundle'] = booted.lines.join('\n').replace(masks, '');
  printed['the outputs of the bundle'] = JSON.stringify(booted.outputs);
  printed['the summary of the bundle'] = booted.summary;
  printed['the arguments of its processes'] = seen.join('\n');
  expect(booted.outputs['outcome']).toBe('in-progress');
  if (existsSync('/proc/self/cmdline')) expect(seen.join()).toContain('rotate-access.mjs');
}

test('every entry of it was signed, and a reader verifies the whole rotation with public keys alone', async () => {
  const lines = await exportRotation(ambientVault(ORDERS), environment, CREDENTIAL);
  const report = verifyEvidence(lines, trust);
  expect(report).toMatchObject({
    holds: true,
    rotations: [{ generation: 1, late: 0, entries: journal().length }],
  });
  const closed = JSON.parse(
    Buffer.from(JSON.parse(lines.trimEnd().split('\n').at(-1) ?? '').payload, 'base64').toString(),
  );
  expect(closed.predicate.entry.fact.deviations).toEqual([
    expect.stringMatching(
      /^github:acme\/legacy:AWS_SECRET_ACCESS_KEY: what began from .* halves of two keys/,
    ),
  ]);
  const shorter = lines.split('\n').toSpliced(5, 1).join('\n');
  expect(verifyEvidence(shorter, trust).holds).toBe(false);
});

test('no secret that ever was is anywhere but in escrow and at the consumers, and the search would find one', () => {
  const said = runners.map(({ log, outputs, summaries, errors }) =>
    JSON.stringify([log, outputs, summaries, errors]),
  );
  const objects = Object.entries(vault()).flatMap(([key, versions]) =>
    versions.map(({ sha256 }) => [key, String(sandbox.aws.world.blobs.get(sha256))] as const),
  );
  const opened = objects.flatMap(([key, text]) => {
    const payload = /"payload":"([^"]*)"/.exec(text)?.[1];
    return payload ? [[`what ${key} signs`, Buffer.from(payload, 'base64').toString()] as const] : [];
  });
  const runs = JSON.stringify(
    legacy.runs.map(({ title, name, inputs, jobs }) => [title, name, inputs, jobs.map((job) => job.name)]),
  );
  const texts = {
    ...Object.fromEntries(said.map((text, index) => [`run ${index}`, text])),
    ...Object.fromEntries(objects),
    ...Object.fromEntries(opened),
    'runs of GitHub': runs,
    'addresses that were asked': JSON.stringify([github.calls.map(({ path }) => path)]),
    ...printed,
  };
  expect(objects.length).toBeGreaterThan(50);
  expect(Object.values(secrets).every((value) => value.length >= 16)).toBe(true);
  expect(Object.keys(secrets).length).toBeGreaterThan(20);
  expect(secretsIn(texts, secrets)).toEqual([]);
  for (const [name, value] of Object.entries(secrets).slice(0, 3))
    for (const form of spellings(`${value}`))
      expect(secretsIn({ ...texts, planted: `x${form}y` }, { [name]: value })).toEqual([
        `${name} in planted`,
      ]);
  // base64 of a longer text, wherever the secret begins in it
  for (const before of ['', 'a', 'ab'])
    expect(
      secretsIn(
        { planted: Buffer.from(`${before}${headquarters.secret}zz`).toString('base64url') },
        { it: headquarters.secret },
      ),
    ).toEqual(['it in planted']);
});

test('its role may do what it did, and nothing else', () => {
  expect(sandbox.aws.denied()).toEqual([]);
  const file = join(ROOT, 'templates/iam/permissions/rotate.json');
  const { Statement } = JSON.parse(readFileSync(file, 'utf8')) as {
    Statement: readonly { Action: string | string[] }[];
  }; // our own file
  const granted = Statement.flatMap(({ Action }) => Action).toSorted();
  const done = new Set(
    sandbox.aws.decisions
      .filter(({ principal }) => principal.arn.includes(':assumed-role/td-prod-rotate/'))
      .map(({ ask }) => ask.action),
  );
  expect(granted.filter((action) => !done.has(action))).toEqual([]);
});
