import { expect, test } from '@jest/globals';
import { rotatableIamAccessKey } from '@tenant-delivery/credentials/iam-access-key/kind';
import type { CredentialOf } from '@tenant-delivery/credentials/kinds';
import {
  ACCOUNT,
  openingState,
  USER,
  USUAL,
} from '@tenant-delivery/credentials/test/iam-access-key/model-state';
import { modelWorld } from '@tenant-delivery/credentials/test/iam-access-key/model-world';
import type { Account, Person } from '@tenant-delivery/delivery/github-ports';
import { inMemoryDelivery, type Job } from '@tenant-delivery/delivery/test/in-memory-delivery';
import { DAY } from '@tenant-delivery/domain';
import type { EnvironmentProtection } from '@tenant-delivery/tenancy/environment-protection';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { agreedPolicy } from '../src/iam-access-key-policy.ts';
import { readRotateInputs } from '../src/inputs.ts';
import { run } from '../src/run.ts';

const INPUTS = {
  contract: 'signed',
  mode: 'run',
  credential: 'ci-legacy',
  tenant: 'acme',
  environment: 'prod',
  account: ACCOUNT,
  region: 'eu-west-1',
};
type Credential = CredentialOf<'iam-access-key'>;

const LEGACY: Credential = {
  id: 'ci-legacy',
  kind: 'iam-access-key',
  user: 'td-rotatable/acme-ci',
  escrow: 'td/rotation/acme-ci',
  consumers: [
    {
      kind: 'github',
      mode: 'slots',
      repository: 'acme/legacy',
      name: 'AWS_KEY',
      probe: 'verify-slot.yml',
      cadenceHours: 6,
    },
  ],
};
const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/td-prod-rotate/td-acme-prod-1-1`;
const OPERATIONS = {
  repository: 'OWNER/tenant-operations',
  repositoryId: '700002',
  repositoryOwnerId: '700000',
  environment: 'acme-prod',
};

interface Told {
  readonly starters?: readonly Account[];
  readonly approvedBy?: readonly Person[];
  readonly protection?: Partial<EnvironmentProtection> | 'absent';
}

const APPROVAL = 'acme-prod-approval';
const ANA: Account = { id: 200010, login: 'dev-ana', bot: false };
const BEN: Person = { id: 200001, login: 'lead-ben' };
/** A job that waited for reviewers. */
const REVIEWED: Job = { claims: { environment: APPROVAL } };

/** GitHub, of a run that dev-ana started and lead-ben approved, unless told otherwise. */
function githubTelling({ starters = [ANA], approvedBy = [BEN], protection = {} }: Told = {}) {
  const guarded: EnvironmentProtection = {
    name: APPROVAL,
    reviewers: { kind: 'required', people: [BEN], teams: [], preventSelfReview: true },
    adminsMayBypass: false,
    branches: { kind: 'any' },
  };
  const [actor = ANA, triggeringActor = actor] = starters;
  return async () => ({
    environments: {
      protectionOf: async () => (protection === 'absent' ? protection : { ...guarded, ...protection }),
    },
    runs: {
      approvalsOf: async () =>
        approvedBy.map((by) => ({
          environments: [APPROVAL],
          state: 'approved' as const,
          by,
          comment: '',
        })),
      startersOf: async () => ({ actor, triggeringActor }),
      stateOf: async () => ({ kind: 'alive' as const, attempt: 1 }),
    },
  });
}

interface Story {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly credential?: Partial<Credential>;
  readonly job?: Job;
  /** As GitHub tells of the run. */
  readonly github?: Told;
  /** As IAM has the user. */
  readonly user?: string | undefined;
}

async function played({ inputs = {}, credential = {}, job = {}, ...story }: Story = {}) {
  const runner = fakeRunner({ inputs: { ...INPUTS, ...inputs } });
  const request = readRotateInputs(runner);
  if (request.kind !== 'agreed') throw new Error('these have a contract');
  const state = openingState(USUAL);
  const clock = { now: () => state.now, sleep: async () => {} };
  const delivery = await inMemoryDelivery({
    clock,
    contract: (agreed) => {
      const { prod } = agreed.environments;
      if (!prod) throw new Error('acme has prod');
      const credentials = [{ ...LEGACY, ...credential }];
      const githubApp = { id: 77, key: 'td/rotation/github-app' };
      const expires = new Date(state.now + 90 * DAY).toISOString();
      return {
        ...agreed,
        expires,
        account: ACCOUNT,
        environments: { prod: { ...prod, credentials, githubApp } },
      };
    },
  });
  let [opened, changes] = [0, 0];
  const gate = {
    before: async () => 'go' as const,
    after: async ({ mutates }: { readonly mutates: boolean }) => {
      if (mutates) changes += 1;
    },
  };
  const frame = delivery.as('deploy', {
    runner,
    claims: { ...OPERATIONS, ...job.claims },
    identity: { account: ACCOUNT, arn: SESSION, ...job.identity },
  });
  const outcome = await run({
    kind: 'agreed',
    given: request.given,
    world: {
      ...frame,
      github: githubTelling(story.github),
      look: async () => ({
        identity: frame.identity,
        region: INPUTS.region,
        subject: 'user' in story ? story.user : USER,
      }),
      open: async (_, { credential: agreed }) => {
        opened += 1;
        const { world: keys, clean } = modelWorld(state, USUAL, gate, SESSION);
        const time = { now: () => state.now };
        const sleep = async (milliseconds: number) => {
          state.now += milliseconds;
        };
        if (agreed.kind !== 'iam-access-key') throw new Error('there is no other');
        const policy = agreedPolicy(agreed, request.given, clock.now());
        const world = { runner, vault: frame.vault, time, sleep, clean, process: 'p1' };
        return { ...world, rotatable: rotatableIamAccessKey(agreed.id, keys, policy, world) };
      },
    },
  }).catch((thrown: unknown) => thrown);
  return { outcome, opened, changes, log: runner.log, journal: await frame.vault.list('rotation/') };
}

test('a credential of the contract rotates, and its journal is in the vault of its environment', async () => {
  const { outcome, journal } = await played();
  expect(outcome).toMatchObject({ outcome: 'in-progress', reasonCode: 'OK' });
  expect(journal[0]).toBe('rotation/ci-legacy/0001/0000.json');
});

test('the times of the contract count, and a freeze holds back all but a leak', async () => {
  expect(await played({ credential: { maxAgeDays: 90 } })).toMatchObject({
    outcome: { outcome: 'not-due' },
    changes: 0,
  });
  const at = (days: number) =>
    `${new Date(openingState(USUAL).now + days * DAY).toISOString().slice(0, 19)}Z`;
  const credential = { freezes: [{ from: at(-1), to: at(3), reason: 'year end' }] };
  const frozen = await played({ credential });
  expect(frozen).toMatchObject({ outcome: { outcome: 'in-progress' }, changes: 0, journal: [] });
  expect(JSON.stringify(frozen.outcome)).toContain('window is closed');
  const leak = { inputs: { wish: 'compromise', 'github-token': 'ghs_x' }, job: REVIEWED };
  expect((await played({ credential, ...leak })).changes).toBeGreaterThan(0);
});

test.each<readonly [string, Story, string, string]>([
  [
    'a credential that is not in the contract',
    { inputs: { credential: 'other' } },
    'CREDENTIAL_NOT_AGREED',
    'the contract of acme has no such credential in prod (it has ci-legacy)',
  ],
  [
    "a customer's repository",
    { job: { claims: { repository: 'acme/orders', repositoryId: '456789', repositoryOwnerId: '123456' } } },
    'CREDENTIAL_NOT_AGREED',
    'only OWNER/tenant-operations may rotate, and this is acme/orders',
  ],
  [
    'a leak that nobody has approved',
    { inputs: { wish: 'compromise', 'github-token': 'ghs_x' } },
    'CREDENTIAL_NOT_AGREED',
    'a leak is answered after an approval, in a job of the GitHub environment acme-prod-approval',
  ],
  [
    'an acknowledgement that nobody has approved, of whatever kind of credential',
    { inputs: { acknowledge: 'reports=0123456789ab', 'github-token': 'ghs_x' } },
    'CREDENTIAL_NOT_AGREED',
    'an acknowledgement counts after an approval, in a job of the GitHub environment acme-prod-approval',
  ],
  [
    "another role's session",
    { job: { identity: { arn: SESSION.replace('td-prod-rotate', 'td-prod-deploy') } } },
    'CLEARANCE_REFUSED',
    'td-prod-deploy',
  ],
  [
    'a user of that name elsewhere',
    { user: USER.replace('td-rotatable', 'admins') },
    'CLEARANCE_REFUSED',
    `the user is arn:aws:iam::${ACCOUNT}:user/admins/acme-ci, expected ${USER}`,
  ],
  ['a user that is gone', { user: undefined }, 'CLEARANCE_REFUSED', 'the user is not there'],
])('nothing is made that could change %s', async (_, story, code, words) => {
  const { outcome, opened, journal } = await played(story);
  expect(outcome).toMatchObject({ code, message: expect.stringContaining(words) });
  expect([opened, journal]).toEqual([0, []]);
});

const BOT: Account = { id: 41898282, login: 'github-actions[bot]', bot: true };

const attacks: readonly (readonly [string, Told, Job, string])[] = [
  [
    'a bot started for its reviewer',
    { starters: [BOT] },
    { claims: { actorId: '41898282' } },
    'github-actions[bot] started the run, and GitHub does not say for whom',
  ],
  [
    'waited in an environment without reviewers',
    { approvedBy: [], protection: { reviewers: { kind: 'none' } } },
    {},
    `the environment ${APPROVAL} requires no reviewer; nobody approved in ${APPROVAL}`,
  ],
  [
    'an administrator could let past its reviewers',
    { protection: { adminsMayBypass: true } },
    {},
    `the environment ${APPROVAL} lets administrators bypass its rules`,
  ],
  ['its starter approved alone', { approvedBy: [ANA] }, {}, 'dev-ana asked for it'],
  [
    'its starter approved, beside a colleague who approved another job',
    { approvedBy: [BEN, ANA] },
    {},
    'dev-ana asked for it',
  ],
  [
    'somebody approved whom the contract does not know',
    { approvedBy: [{ id: 9, login: 'eve' }] },
    {},
    'eve has no approval role in the contract',
  ],
  ['is a second attempt', {}, { claims: { runAttempt: 2 } }, 'this is attempt 2 of the run'],
];
const speaking = [
  ['a leak', { wish: 'compromise' }],
  ['an acknowledgement', { acknowledge: 'reports=0123456789ab' }],
] as const;

test.each(
  speaking.flatMap(([what, inputs]) =>
    attacks.map(([how, github, job, words]) => [what, how, inputs, github, job, words] as const),
  ),
)('%s is not taken from a run that %s', async (_, __, inputs, github, { claims = {} }, words) => {
  const { outcome, opened, journal } = await played({
    inputs: { ...inputs, 'github-token': 'ghs_x' },
    github,
    job: { claims: { ...REVIEWED.claims, ...claims } },
  });
  expect(outcome).toMatchObject({
    code: 'ROTATION_NOT_APPROVED',
    message: expect.stringContaining(words),
  });
  expect([opened, journal]).toEqual([0, []]);
});

test('a leak that another person approved is answered, and the log says who', async () => {
  const told = await played({ inputs: { wish: 'compromise', 'github-token': 'ghs_x' }, job: REVIEWED });
  expect(told.outcome).toMatchObject({ reasonCode: 'OK' });
  expect([told.opened, told.log]).toEqual([1, expect.arrayContaining(['Approved by lead-ben.'])]);
});

test('what says who approved is asked for with a leak and an acknowledgement, and with nothing else', () => {
  const read = (inputs: Readonly<Record<string, string>>) => () =>
    readRotateInputs(fakeRunner({ inputs: { ...INPUTS, ...inputs } }));
  expect(read({ wish: 'compromise', acknowledge: '0123456789ab' })).toThrow(
    /github-token is missing: the answer to a leak needs it, and an acknowledgement needs it/,
  );
  expect(read({ wish: 'forced' })).not.toThrow();
});

test('what the contract says is not asked for again, and what is missing is told with it', () => {
  const runner = fakeRunner({ inputs: { ...INPUTS, tenant: '', escrow: 'td/other', 'max-age-days': '9' } });
  expect(() => readRotateInputs(runner)).toThrow(
    /escrow is given: leave it out[\s\S]*max-age-days[\s\S]*tenant is missing/,
  );
});
