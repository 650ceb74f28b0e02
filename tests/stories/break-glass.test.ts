import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ECSClient, ListTasksCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { IAMClient, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ambientVault } from '@tenant-delivery/aws/s3/ambient-vault';
import { startSession } from '@tenant-delivery/aws/session/session';
import type { RunApproval } from '@tenant-delivery/delivery/github-ports';
import { localKeys, templateContract } from '@tenant-delivery/delivery/test/in-memory-delivery';
import { canonicalJson, MINUTE } from '@tenant-delivery/domain';
import { exportRotation } from '@tenant-delivery/evidence/rotation-record';
import type { TrustFile } from '@tenant-delivery/evidence/trust';
import { verifyEvidence } from '@tenant-delivery/evidence/verify';
import { readGrantInputs } from '@tenant-delivery/grant-access/inputs';
import { rolesOf } from '@tenant-delivery/grant-access/roles-of';
import { run as runGrants } from '@tenant-delivery/grant-access/run';
import { openWorld } from '@tenant-delivery/grant-access/world';
import { iamOf, putRole } from '@tenant-delivery/local-aws/services/iam';
import { type AccessKey, issueSession } from '@tenant-delivery/local-aws/world/keys';
import { type ManualClock, manualClock } from '@tenant-delivery/local-aws/world/manual-clock';
import type { EnvironmentProtection } from '@tenant-delivery/tenancy/environment-protection';
import { publishContract } from '@tenant-delivery/tenancy/publish';
import { cutTo, sealContract } from '@tenant-delivery/tenancy/sealed-contract';
import { type FakeRunner, fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { digestOf } from '@tenant-delivery/vault/objects';
import { acmeSandbox, keyInKms, ORDERS, type Sandbox, timeOf } from '../stage/a-job.ts';

/*
 * Grants of an environment, by the action's own code with sessions by the job's token, and people who try to get in by
 * STS and to go on with the sessions that they got.
 */
const { tenant, environment, account, region } = ORDERS;
const ROOT = join(import.meta.dirname, '../..');
const ROLE = 'td-prod-break-glass';
const SRE = 'AWSReservedSSO_sre_0123456789abcdef';
const REF = 'OWNER/tenant-delivery/.github/workflows/break-glass.yml@refs/tags/v0.1.0';
const JOB = {
  sub: 'repo:OWNER/tenant-operations:environment:acme-prod-break-glass',
  repository: 'OWNER/tenant-operations',
  repository_id: '700002',
  repository_owner_id: '700000',
  environment: 'acme-prod-break-glass',
  job_workflow_ref: REF,
};

let clock: ManualClock;
let sandbox: Sandbox;
let run = 9000;
let trusted: TrustFile;

beforeAll(async () => {
  clock = manualClock();
  sandbox = await acmeSandbox(1, { clock });
  const { world } = sandbox.aws;
  putRole(world, account, {
    name: SRE,
    path: '/aws-reserved/sso.amazonaws.com/eu-west-1/',
    partition: 'aws',
    description: '',
    maxSessionDuration: 3600,
    tags: {},
    trust: { Version: '2012-10-17', Statement: [] },
    policies: {},
  });
  const { signers, trust } = localKeys();
  const keys = [...trust.keys.filter(({ duty }) => duty === 'contract'), keyInKms(sandbox.aws, 'rotate')];
  trusted = { ...trust, keys };
  await writeFile(sandbox.env['TENANT_DELIVERY_LOCAL_TRUST'] ?? '', JSON.stringify(trusted));
  process.env['AWS_ACCESS_KEY_ID'] = sandbox.operator.accessKeyId;
  process.env['AWS_SECRET_ACCESS_KEY'] = sandbox.operator.secretAccessKey;
  const sealed = await sealContract(cutTo(templateContract('acme'), 'prod'), signers.contract);
  await publishContract(ambientVault(ORDERS), sealed, trust, { ...ORDERS, at: clock.now() });
});
afterAll(() => sandbox.close());

const person = (id: number, login: string) => ({ id, login });
const word = (id: number, login: string, name: string): RunApproval => ({
  environments: [name],
  state: 'approved',
  by: person(id, login),
  comment: '',
});
const ANA = { id: 200010, login: 'dev-ana', bot: false };
const ENOUGH = [
  word(300001, 'carl', 'acme-prod-break-glass-second'),
  word(200001, 'dora', 'acme-prod-break-glass'),
];
const GUARDED: Omit<EnvironmentProtection, 'name'> = {
  reviewers: { kind: 'required', people: [], teams: [], preventSelfReview: true },
  adminsMayBypass: false,
  branches: { kind: 'any' },
};

interface Setting {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly approvals?: readonly RunApproval[];
}

/** One run of break-glass.yml, from its inputs to its end. */
async function grants(
  mode: string,
  inputs: Readonly<Record<string, string>>,
  { claims = {}, approvals = ENOUGH }: Setting = {},
) {
  run += 1;
  const token = { ...JOB, run_id: String(run), ...claims };
  const runner: FakeRunner = fakeRunner({
    idToken: sandbox.runner(token).idToken,
    context: { runId: String(run) },
    inputs: {
      tenant,
      environment,
      account,
      region,
      credential: 'break-glass',
      mode,
      ...inputs,
    },
  });
  const given = readGrantInputs(runner);
  const session = await (await startSession(runner, { ...sandbox.env }, given, rolesOf(given.mode))).opened;
  const opened = await openWorld(runner, { ...sandbox.env }, given, { ...session, clock: timeOf(clock) });
  const world = {
    ...opened,
    github: async () => ({
      environments: {
        protectionOf: async (_: string, name: string) => ({ name, ...GUARDED }),
      },
      runs: {
        approvalsOf: async () => approvals,
        stateOf: async () => ({ kind: 'alive', attempt: 1 }) as const,
        startersOf: async () => ({ actor: ANA, triggeringActor: ANA }),
      },
    }),
  };
  const outcome = await runGrants(given, world);
  return { outcome, runner, grant: `G${run}` };
}

const asking = (requester: string, minutes = 30) => ({
  requester,
  principal: 'sre',
  incident: 'INC-7',
  reason: 'orders answers 500',
  minutes: String(minutes),
  'github-token': 'ghs_x',
});
const open = (requester: string, minutes?: number, setting?: Setting) =>
  grants('open-grant', asking(requester, minutes), setting);

type Keys = Pick<AccessKey, 'accessKeyId' | 'secretAccessKey' | 'sessionToken'>;
const as = (credentials: Keys) => ({ endpoint: sandbox.aws.url, region, credentials, maxAttempts: 1 });

/** Somebody whom the identity provider let in as `name`, and who asks for the role by a grant. */
async function assume(name: string, grant: string, SourceIdentity = name): Promise<Keys> {
  const arn = `arn:aws:sts::${account}:assumed-role/${SRE}/${name}`;
  const roleArn = iamOf(sandbox.aws.world, account).roles[SRE]?.arn ?? '';
  const key = issueSession(sandbox.aws.world, { account, arn, roleArn }, clock.now() + 60 * MINUTE);
  const { Credentials } = await new STSClient(as(key)).send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${account}:role/td/break-glass/${ROLE}`,
      RoleSessionName: grant,
      SourceIdentity,
    }),
  );
  return {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
}

const use = (keys: Keys) => new ECSClient(as(keys)).send(new ListTasksCommand({ cluster: 'acme-prod' }));
const rescale = (keys: Keys) =>
  new ECSClient(as(keys)).send(
    new UpdateServiceCommand({ cluster: 'acme-prod', service: 'orders', desiredCount: 2 }),
  );
const DENIED = /not authorized/;

test('nobody gets a role who did not ask well, in the right job, with the word of two others', async () => {
  const refused = async (sent: ReturnType<typeof grants>) => {
    const thrown: unknown = await sent.then(
      ({ outcome }) => outcome.reasonCode,
      (cause: unknown) => cause,
    );
    return thrown instanceof Error ? thrown.message : thrown;
  };
  const own = [word(200010, 'dev-ana', 'acme-prod-break-glass'), ...ENOUGH.slice(0, 1)];
  await expect(open('ana', 30, { approvals: own })).rejects.toMatchObject({ code: 'GRANT_NOT_APPROVED' });
  const nobody = { ...asking('ana'), principal: 'customer' };
  expect(await refused(grants('open-grant', nobody))).toBe('BREAK_GLASS_REQUEST');
  expect(await refused(grants('close-grant', { grant: 'G1' }))).toBe('BREAK_GLASS_UNKNOWN');
  // the role trusts no job of the deploy environment, whatever that asks for
  const deploy = { environment: 'acme-prod', sub: 'repo:OWNER/tenant-operations:environment:acme-prod' };
  expect(await refused(open('ana', 30, { claims: deploy }))).toMatch(/td-prod-access/);
  await expect(assume('ana', `G${run}`)).rejects.toThrow(DENIED);
});

test('grants of two people end each by itself, or when they are closed, and leave the other alone', async () => {
  const ana = await open('ana', 30);
  expect(ana.outcome).toMatchObject({ outcome: 'granted', ok: true });
  expect(ana.runner.outputs['grant']).toBe(ana.grant);
  expect(ana.outcome.summary).toContain(`--role-session-name ${ana.grant} --source-identity ana`);
  await clock.advance(MINUTE);
  const ben = await open('ben', 45);
  const [first, other] = [await assume('ana', ana.grant), await assume('ben', ben.grant)];
  await use(first);
  await rescale(other);
  // neither by the name of another, nor by another's grant, nor under another's name
  await expect(assume('eve', ana.grant)).rejects.toThrow(DENIED);
  await expect(assume('eve', ana.grant, 'ana')).rejects.toThrow(DENIED);
  await expect(assume('ana', ben.grant)).rejects.toThrow(DENIED);

  expect((await grants('close-grant', { grant: ana.grant })).outcome).toMatchObject({ outcome: 'closed' });
  await expect(use(first)).rejects.toThrow(DENIED);
  await expect(assume('ana', ana.grant)).rejects.toThrow(DENIED);
  await use(other);
  await use(await assume('ben', ben.grant));

  const again = await open('ana', 20);
  await expect(use(first)).rejects.toThrow(DENIED); // a new grant brings no closed session back
  const second = await assume('ana', again.grant);
  await use(second);
  await clock.advance(21 * MINUTE);
  await expect(use(second)).rejects.toThrow(DENIED); // its hour is not over, its grant is
  await use(other);

  expect((await grants('revoke-grants', { requester: 'ben' })).outcome).toMatchObject({ outcome: 'revoked' });
  await expect(use(other)).rejects.toThrow(DENIED);
  await expect(assume('ben', ben.grant)).rejects.toThrow(DENIED);

  await clock.advance(60 * MINUTE);
  const { outcome, runner } = await grants(
    'list-grants',
    {},
    {
      claims: { environment: undefined, sub: 'repo:OWNER/tenant-operations:ref:refs/heads/main' },
    },
  );
  const rows = Object(outcome.facts)['grants'] as readonly Record<string, unknown>[]; // our own facts
  expect(rows.map(({ grant, state, unused }) => [grant, state, unused])).toEqual([
    [again.grant, 'expired', true],
    [ben.grant, 'revoked', false],
    [ana.grant, 'closed', true],
  ]);
  expect(rows[1]).toMatchObject({
    approvers: ['carl', 'dora'],
    writes: ['ecs.amazonaws.com UpdateService 1'],
  });
  expect(runner.log.join('\n') + outcome.summary).not.toContain(first.secretAccessKey);
});

test('a reader verifies the record of all grants with public keys alone', async () => {
  const lines = await exportRotation(ambientVault(ORDERS), environment, 'break-glass');
  expect(verifyEvidence(lines, trusted)).toMatchObject({ holds: true, rotations: [{ late: 0 }] });
  const events = lines.trimEnd().split('\n');
  const said = (line: string) => Buffer.from(JSON.parse(line).payload, 'base64').toString();
  const lastWord = events.findLastIndex((line) => said(line).includes('"kind":"over"'));
  expect(verifyEvidence(events.slice(0, lastWord).join('\n'), trusted).holds).toBe(false);
});

test('who may only write to the vault grants nothing: what a run did not sign itself lets nobody in', async () => {
  const vault = ambientVault(ORDERS);
  const last = (await vault.list('rotation/break-glass/')).at(-1) ?? '';
  const before = Buffer.from((await vault.read(last))?.bytes ?? '');
  const entry = JSON.parse(before.toString());
  const [from, until] = [clock.now(), clock.now() + 60 * MINUTE].map((at) => new Date(at).toISOString());
  const principal = iamOf(sandbox.aws.world, account).roles[SRE]?.arn;
  // in the name of the run that comes next, which waits for its reviewers meanwhile
  const by = { ...entry.by, run: String(run + 1), attempt: 1 };
  const said = { grant: 'G666', requester: 'eve', principal, incident: 'INC-7', reason: 'none' };
  const fact = { kind: 'granted', ...said, from, until, approvers: ['carl', 'dora'] };
  const forged = { ...entry, seq: entry.seq + 1, prev: digestOf(before), at: from, by, fact };
  const key = last.replace(/\d{4}\.json$/, `${String(forged.seq).padStart(4, '0')}.json`);
  await vault.create(key, Buffer.from(canonicalJson(forged)));
  const ben = await open('ben', 5);
  expect(ben.outcome).toMatchObject({ outcome: 'granted' });
  await expect(assume('eve', 'G666')).rejects.toThrow(DENIED);
  const reading = {
    claims: { environment: undefined, sub: 'repo:OWNER/tenant-operations:ref:refs/heads/main' },
  };
  expect(JSON.stringify((await grants('list-grants', {}, reading)).outcome)).not.toContain('G666');
  await grants('close-grant', { grant: ben.grant });
  const lines = await exportRotation(vault, environment, 'break-glass');
  expect(verifyEvidence(lines, trusted)).toMatchObject({ holds: true, rotations: [{ late: 1 }] });
});

test('nothing is granted while the trust policy lets in somebody whom nobody approved', async () => {
  const iam = new IAMClient(as(sandbox.operator));
  const trust = iamOf(sandbox.aws.world, account).roles[ROLE]?.trust;
  const foreign = {
    Sid: 'Mine',
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${account}:user/operator` },
    Action: 'sts:AssumeRole',
  };
  const PolicyDocument = JSON.stringify({ ...trust, Statement: [trust?.Statement, foreign].flat() });
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: ROLE, PolicyDocument }));
  const { outcome } = await open('ana');
  expect(outcome).toMatchObject({ outcome: 'hold', reasonCode: 'BREAK_GLASS_FOREIGN', ok: false });
  expect(outcome.headline).toContain('Mine');
});

test('its roles may do what they did, and nothing else', () => {
  const people = /AWSReservedSSO|td-prod-break-glass/; // whose grants end: the stories above tell what they are denied
  expect(sandbox.aws.denied().filter(({ principal }) => !people.test(principal.arn))).toEqual([]);
  const file = join(ROOT, 'templates/iam/permissions/access.json');
  const { Statement } = JSON.parse(readFileSync(file, 'utf8')) as {
    Statement: readonly { Effect: string; Action: string | string[] }[];
  }; // our own file
  const granted = Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);
  const done = new Set(
    sandbox.aws.decisions
      .filter(({ principal }) => principal.arn.includes(':assumed-role/td-prod-access/'))
      .map(({ ask }) => ask.action),
  );
  expect(granted.filter((action) => !done.has(action))).toEqual([]);
});
