import { expect, test } from '@jest/globals';
import { parseDocument } from '@tenant-delivery/action-kit/document';
import { BreakGlass } from '@tenant-delivery/break-glass/agreement';
import { frozenUntil } from '@tenant-delivery/credentials/freezes';
import type { Credential, CredentialOf } from '@tenant-delivery/credentials/kinds';
import * as v from 'valibot';
import { type EnvironmentContract, TenantContract } from '../src/contract.ts';
import { lintContracts } from '../src/lint.ts';
import { acme } from './contracts.ts';

const NOW = Date.UTC(2026, 10, 24);
const lint = (contract: TenantContract) => lintContracts([{ file: 'acme.yaml', contract }], NOW);

const [shown] = acme().environments['prod']?.credentials ?? [];
if (shown?.kind !== 'iam-access-key') throw new Error('the template shows an access key first');
const legacy: CredentialOf<'iam-access-key'> = shown;

/** acme, whose production has these credentials, and whatever else is changed there. */
function having(credentials: readonly Credential[], change: object = {}): TenantContract {
  const contract = acme();
  const prod = contract.environments['prod'];
  if (!prod) throw new Error('acme has prod');
  const { staging } = contract.environments;
  const environments = {
    prod: { ...prod, credentials: [...credentials], ...change },
    ...(staging && { staging }),
  };
  return { ...contract, environments };
}

const clone: CredentialOf<'github-deploy-key'> = {
  kind: 'github-deploy-key',
  id: 'ci-legacy',
  repository: 'acme/library',
  escrow: 'td/rotation/ci-clone',
  consumers: [{ kind: 'external', name: 'hq', cadenceHours: 24 }],
};

test.each<readonly [string, TenantContract, string]>([
  [
    'a deploy key that no App may keep',
    having([clone], { githubApp: undefined }),
    'repository: its deploy keys are kept by an App, which githubApp of the environment must name',
  ],
  [
    'a deploy key that opens the repository where rotations run',
    having([{ ...clone, repository: 'OWNER/tenant-operations'.toLowerCase() }]),
    "repository: OWNER/tenant-operations is where rotations run; no key but its own jobs' token should open it",
  ],
  [
    "a deploy key in the secret that has the App's own",
    having([{ ...clone, escrow: 'td/rotation/github-app' }]),
    'escrow: td/rotation/github-app has the private key of the App, which a rotation would write over',
  ],
  [
    'an App whose users come more rarely than its old key may stay',
    having([
      {
        kind: 'github-app-key',
        id: 'ci-legacy',
        app: 77,
        escrow: 'td/rotation/github-app', // which is right: its own rotation moves labels there
        drainDays: 2,
        consumers: [{ kind: 'external', name: 'hq', cadenceHours: 48 }],
      },
    ]),
    'policy: The drain may take 2 days, but takes at least 4 days, twice the rarest use; allow more.',
  ],
  [
    'a key that may get no older than its rotation takes',
    having([{ ...legacy, maxAgeDays: 10, graceDays: 10 }]),
    'policy: The key may be 10 days old, but a rotation takes at least 12 days; allow more.',
  ],
  [
    'a drain that ends before the rarest use',
    having([{ ...legacy, drainDays: 2, consumers: [{ kind: 'external', name: 'hq', cadenceHours: 48 }] }]),
    'policy: The drain may take 2 days, but takes at least 4 days, twice the rarest use; allow more.',
  ],
  [
    'keys of a VPN that may get no older than their rotation takes',
    having([
      {
        kind: 'vpn-psk',
        id: 'ci-legacy',
        vpn: 'vpn-0acme00000hq0001',
        peer: '203.0.113.10',
        escrow: 'td/rotation/acme-hq',
        maxAgeDays: 20,
        graceDays: 30,
      },
    ]),
    'policy: The keys may be 20 days old, but a rotation takes at least 32 days; allow more.',
  ],
  [
    'an upstream credential that may get no older than its rotation takes',
    having([
      {
        kind: 'pull-through',
        id: 'ci-legacy',
        secret: 'ecr-pullthroughcache/hub',
        prefix: 'hub',
        maxAgeDays: 10,
        drainDays: 8,
      },
    ]),
    'policy: The credential may be 10 days old, but a rotation takes at least 8 days; allow more.',
  ],
  [
    'a single password without a time in which its tasks may fail',
    having([
      { kind: 'secrets-manager', id: 'ci-legacy', secret: 'td/prod/orders-db', strategy: 'single-user' },
    ]),
    'outages: there is none, and tasks fail between the change of a single password and the last replaced task; name a time that was agreed for it, or use alternating users',
  ],
  [
    'a credential that nobody uses',
    having([{ ...legacy, consumers: [] }]),
    'consumers: there is none; without one, delete the key instead',
  ],
  [
    'secrets of GitHub that no App may write',
    having([legacy], { githubApp: undefined }),
    'consumers: secrets of GitHub are written by an App, which githubApp of the environment must name',
  ],
  [
    'a key for the jobs that rotate',
    having([
      {
        ...legacy,
        consumers: legacy.consumers.map((each) =>
          each.kind === 'github' ? { ...each, repository: 'OWNER/tenant-operations' } : each,
        ),
      },
    ]),
    'consumers: OWNER/tenant-operations is where rotations run, with an identity of its own; give its jobs a role in place of this key',
  ],
  [
    'secrets that are an organisation’s and an environment’s at once',
    having([
      {
        ...legacy,
        consumers: legacy.consumers.map((each) =>
          each.kind === 'github' ? { ...each, environment: 'ci', organisation: true } : each,
        ),
      },
    ]),
    'consumers: secrets of an organisation are of no environment; leave one of the two out',
  ],
  [
    'two consumers whose acknowledgement would be the same',
    having([
      {
        ...legacy,
        consumers: [
          { kind: 'external', name: 'hq', cadenceHours: 24 },
          { kind: 'secrets-manager', secret: 'hq', cadenceHours: 24 },
        ],
      },
    ]),
    'consumers: two that are acknowledged have the same name',
  ],
  [
    "an escrow with the App's own key in it",
    having([{ ...legacy, escrow: 'td/rotation/github-app' }]),
    'escrow: td/rotation/github-app has the private key of the App, which a rotation would write over',
  ],
  [
    'a freeze that ends before it begins',
    having([
      { ...legacy, freezes: [{ from: '2026-12-24T00:00:00Z', to: '2026-12-20T00:00:00Z', reason: 'x' }] },
    ]),
    'freezes: from 2026-12-24T00:00:00Z to 2026-12-20T00:00:00Z is no time',
  ],
])('names %s', (_, contract, problem) => {
  expect(lint(contract)).toEqual([`acme.yaml: environments.prod.credentials.ci-legacy.${problem}`]);
});

test('finds what two credentials of an account share, in any environments', () => {
  const contract = having([legacy]);
  const { staging } = contract.environments;
  if (!staging) throw new Error('acme has staging');
  const twice = { ...staging, credentials: [legacy], githubApp: { id: 77, key: 'td/rotation/github-app' } };
  const problems = lint({ ...contract, environments: { ...contract.environments, staging: twice } });
  for (const what of [
    'id ci-legacy',
    'user td-rotatable/acme-ci',
    'secret td/rotation/acme-ci',
    'place AWS_KEY_ID_A of acme/legacy',
  ])
    expect(problems).toContain(
      `acme.yaml: environments.staging.credentials.ci-legacy: the ${what} is environments.prod.credentials.ci-legacy's already; give this one its own`,
    );
});

/** acme, whose staging also agrees on credentials or on grants. */
function besideProd(change: Partial<EnvironmentContract>): TenantContract {
  const contract = having([legacy]);
  const { staging } = contract.environments;
  if (!staging) throw new Error('acme has staging');
  return { ...contract, environments: { ...contract.environments, staging: { ...staging, ...change } } };
}

const SHARED =
  "is another environment's, whose boundary lets its roles reach it; give each environment a role of its own";

test.each([
  ['has', 'td-prod-break-glass'],
  ['has, in other letters', 'TD-Prod-Break-Glass'],
])('finds a role for incidents that another environment %s', (_, role) => {
  const grants = acme().environments['prod']?.breakGlass;
  if (!grants) throw new Error('the template shows a role for incidents');
  const approval = { environment: 'acme-staging-break-glass', reviewers: 1 };
  expect(lint(besideProd({ breakGlass: { ...grants, id: 'incidents', role, approval } }))).toContain(
    `acme.yaml: environments.staging.breakGlass.role: ${role} ${SHARED}`,
  );
});

test('finds a role for incidents that the boundary of an environment without one names', () => {
  const grants = acme().environments['prod']?.breakGlass;
  if (!grants) throw new Error('the template shows a role for incidents');
  const breakGlass = { ...grants, role: 'td-staging-break-glass' };
  expect(lint(having([legacy], { breakGlass }))).toEqual([
    `acme.yaml: environments.prod.breakGlass.role: td-staging-break-glass ${SHARED}`,
  ]);
});

test('finds a user of two environments, in other letters too', () => {
  const own = {
    ...legacy,
    id: 'ci-new',
    user: 'td-rotatable/ACME-CI',
    escrow: 'td/rotation/new',
    consumers: [],
  };
  expect(lint(besideProd({ credentials: [own] }))).toContain(
    "acme.yaml: environments.staging.credentials.ci-new: the user td-rotatable/ACME-CI is environments.prod.credentials.ci-legacy's already; give this one its own",
  );
});

test('finds a slot of one secret that is half of another credential’s slot of two', () => {
  const slots = legacy.consumers.find((each) => each.kind === 'github');
  if (slots?.mode !== 'slots') throw new Error('the template shows slots');
  const inItsWay = { ...clone, id: 'ci-clone', consumers: [{ ...slots, name: 'AWS_KEY_ID' }] };
  expect(lint(having([legacy, inItsWay]))).toEqual([
    expect.stringContaining(
      "the place AWS_KEY_ID_A of acme/legacy is environments.prod.credentials.ci-legacy's",
    ),
    expect.stringContaining('the place AWS_KEY_ID_B of acme/legacy'),
  ]);
});

test('a credential that no rotation could work on is no contract: each mistake with its place', () => {
  const wrong = {
    ...legacy,
    user: 'admin',
    escrow: 'td/prod/database',
    kind: 'iam-access-key',
    consumers: [{ kind: 'github' }],
  };
  const read = parseDocument(TenantContract, having([wrong as unknown as Credential])); // what a file could say
  const paths = 'mistakes' in read ? read.mistakes.map(({ path }) => path) : [];
  const at = (name: string) => `environments.prod.credentials.0.${name}`;
  expect(paths).toEqual(expect.arrayContaining([at('user'), at('escrow'), at('consumers.0.mode')]));
});

test('a freeze lasts until the end of the last that follows without a gap', () => {
  const day = (of: number) => `2026-12-${of}T00:00:00Z`;
  const freezes = [
    [24, 27],
    [20, 24],
    [28, 29],
  ].map(([from = 0, to = 0]) => ({ from: day(from), to: day(to), reason: 'year end' }));
  const until = (at: number) => frozenUntil({ ...legacy, freezes }, Date.parse(day(at)));
  expect([19, 21, 27].map(until)).toEqual([undefined, Date.parse(day(27)), undefined]);
});

test('what is agreed for incidents names a journal, a role and an environment of its own, and enough people', () => {
  const agreed = acme().environments['prod']?.breakGlass;
  if (!agreed) throw new Error('the template shows a role for incidents');
  const wrong = {
    ...agreed,
    id: 'ci-legacy',
    role: 'td-prod-deploy',
    approval: { environment: 'acme-prod', reviewers: 2 },
  };
  const approval = {
    environment: 'acme-prod-approval',
    days: 7,
    required: { customer: 1 },
    roles: { customer: [1, 2] },
  };
  expect(
    lint(having([legacy], { breakGlass: wrong, approval })).map((said) => said.replace(/^.*prod\./, '')),
  ).toEqual([
    'breakGlass.id: ci-legacy names another journal already',
    'breakGlass.role: td-prod-deploy is the name of a role of jobs',
    'breakGlass.approval.environment: must be acme-prod-break-glass, in which break-glass.yml opens and closes grants',
    'breakGlass.approval.reviewers: approval.roles names 2 people; 2 must approve who did not ask',
  ]);
  const parsed = (change: object) => v.safeParse(BreakGlass, { ...agreed, ...change }).success;
  expect([parsed({}), parsed({ minutes: 61 }), parsed({ principals: {} }), parsed({ role: 'a/b' })]).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
