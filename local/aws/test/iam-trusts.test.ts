import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ROLES, type Role } from '@tenant-delivery/domain';
import { EVERY_KIND, prodWith, RELEASED, roleOf, trusts } from './iam-rendered.ts';

const RELEASES = ['v1.9.0', 'v1.12.0', 'v2.0.10'];
const REF = 'refs/tags/v1.12.0';
const rendered = prodWith({ credentials: EVERY_KIND }, { ...RELEASED, releases: RELEASES });
const trustOf = (role: Role) => roleOf(rendered, `td-prod-${role}`).trust;

type Claims = Readonly<Record<string, string | undefined>>;

const file = (name: string, ref = REF) => `OWNER/tenant-delivery/.github/workflows/${name}.yml@${ref}`;
/** A job of acme's repository on its protected branch. */
const branch = (workflow: string): Claims => ({
  aud: 'sts.amazonaws.com',
  sub: 'repo:acme/orders:ref:refs/heads/main',
  repository: 'acme/orders',
  repository_id: '456789',
  actor_id: '200010',
  job_workflow_ref: file(workflow),
});
const inEnvironment = (workflow: string, environment: string): Claims => ({
  ...branch(workflow),
  sub: `repo:acme/orders:environment:${environment}`,
  environment,
});
const ofOperations = (job: Claims): Claims => ({
  ...job,
  sub: job['sub']?.replace('acme/orders', 'OWNER/tenant-operations'),
  repository: 'OWNER/tenant-operations',
  repository_id: '700002',
});
const rotation = ofOperations(inEnvironment('rotate-access', 'acme-prod'));

/** The job that each role is for. */
const JOB: Readonly<Record<Role, Claims>> = {
  'pull-request': { ...branch('release-gate'), sub: 'repo:acme/orders:pull_request' },
  read: branch('promote'),
  build: branch('build'),
  gate: branch('deliver'),
  approve: inEnvironment('deliver', 'acme-prod-approval'),
  deploy: inEnvironment('deliver', 'acme-prod'),
  redeploy: rotation,
  rotate: rotation,
  'rotate-secret': rotation,
  'rotate-registry': rotation,
  'rotate-vpn': rotation,
  access: ofOperations(inEnvironment('break-glass', 'acme-prod-break-glass')),
  report: ofOperations(branch('credential-report')),
  evidence: inEnvironment('deliver', 'acme-prod'),
  journal: rotation,
  'provision-plan': ofOperations(branch('provision')),
  provision: ofOperations(inEnvironment('provision', 'acme-prod')),
  verify: ofOperations(branch('verify-provision')),
  observe: ofOperations(branch('drift')),
};

const fileOf = (job: Claims) => /([\w-]+)\.yml@/.exec(job['job_workflow_ref'] ?? '')?.[1] ?? '';
const withRef = (job: Claims, ref: string): Claims => ({ ...job, job_workflow_ref: file(fileOf(job), ref) });

/** Who else might come with a token that GitHub signs, by what they have tried. */
const HOSTILE: Readonly<Record<string, (job: Claims) => Claims>> = {
  'another audience': (job) => ({ ...job, aud: 'https://github.com/acme' }),
  'another repository of the owner': (job) => ({ ...job, repository_id: '999999' }),
  'a repository of another owner, with the id of ours in no claim': (job) => ({
    ...job,
    sub: job['sub']?.replace(/^repo:[^:]*/, 'repo:mallory/orders'),
    repository_id: '999999',
  }),
  "another owner's subject": (job) => ({
    ...job,
    sub: job['sub']?.replace(/^repo:[^:]*/, 'repo:mallory/orders'),
  }),
  'a fork of the workflows': (job) => ({
    ...job,
    job_workflow_ref: job['job_workflow_ref']?.replace(/^[^/]+/, 'mallory'),
  }),
  'a repository whose name begins as ours': (job) => ({
    ...job,
    job_workflow_ref: job['job_workflow_ref']?.replace('/tenant-delivery/', '/tenant-delivery-2/'),
  }),
  'a workflow of its own': (job) => ({
    ...job,
    job_workflow_ref: 'acme/orders/.github/workflows/x.yml@refs/heads/main',
  }),
  'no reusable workflow': ({ job_workflow_ref: _, ...job }) => job,
  'another file of a release': (job) => ({ ...job, job_workflow_ref: file('ci') }),
  'a file whose name ends as ours': (job) => ({
    ...job,
    job_workflow_ref: file(`evil-${fileOf(job)}`),
  }),
  'a file in a folder of ours': (job) => ({
    ...job,
    job_workflow_ref: file(`${fileOf(job)}.yml/evil`),
  }),
  'a release that is not in use': (job) => withRef(job, 'refs/tags/v1.12.1'),
  'a release of which one in use is the beginning': (job) => withRef(job, `${REF}0`),
  'a release that ends as one in use': (job) => withRef(job, 'refs/tags/v11.12.0'),
  'a moving tag': (job) => withRef(job, 'refs/tags/v1'),
  'a branch named as a release': (job) => withRef(job, 'refs/heads/v1.12.0'),
  'a branch named as the ref of a release': (job) => withRef(job, `refs/heads/${REF}`),
  'a branch that ends as the ref of a release': (job) => withRef(job, `refs/heads/x@${REF}`),
  'a tag that ends as the ref of a release': (job) => withRef(job, `refs/tags/v9@${REF}`),
  'a pull request of the provider': (job) => withRef(job, 'refs/pull/7/merge'),
  'a commit': (job) => withRef(job, '0123456789012345678901234567890123456789'),
  'another branch': (job) => ({ ...job, sub: 'repo:acme/orders:ref:refs/heads/evil' }),
  'a branch that ends as the protected one': (job) => ({
    ...job,
    sub: job['sub']?.replace(/:ref:.*|:environment:.*|:pull_request/, ':ref:refs/heads/x/main'),
  }),
  'a tag': (job) => ({ ...job, sub: 'repo:acme/orders:ref:refs/tags/main' }),
  "another tenant's environment": (job) => ({
    ...job,
    environment: 'globex-prod',
    sub: 'repo:acme/orders:environment:globex-prod',
  }),
  'another environment of the tenant': (job) => ({
    ...job,
    environment: 'acme-staging',
    sub: 'repo:acme/orders:environment:acme-staging',
  }),
  'an environment whose name ends as the subject that is wanted': (job) => {
    const wanted = job['sub']?.replace(/^repo:[^:]*/, '') ?? '';
    return {
      ...job,
      environment: `evil${wanted}`,
      sub: `${job['sub']?.match(/^repo:[^:]*/)}:environment:evil${wanted}`,
    };
  },
};
const BOT = { actor_id: '41898282' }; // github-actions[bot]

describe('a trust', () => {
  it.each(ROLES)('of %s takes its own job from every release in use, and no other session name', (role) => {
    for (const tag of RELEASES)
      expect(trusts(trustOf(role), withRef(JOB[role], `refs/tags/${tag}`))).toBe(true);
    expect(trusts(trustOf(role), JOB[role], 'td-globex-prod-1-1')).toBe(false);
    expect(trusts(trustOf(role), JOB[role], 'td-acme-staging-1-1')).toBe(false);
  });

  it.each(ROLES)('of %s takes the subject that carries ids', (role) => {
    const sub = JOB[role]['sub']
      ?.replace('acme/orders', 'acme@123456/orders@456789')
      .replace('OWNER/tenant-operations', 'OWNER@700000/tenant-operations@700002');
    expect(trusts(trustOf(role), { ...JOB[role], sub })).toBe(true);
  });

  it.each(ROLES.flatMap((role) => Object.keys(HOSTILE).map((kind) => [role, kind] as const)))(
    'of %s refuses %s',
    (role, kind) => {
      expect(trusts(trustOf(role), HOSTILE[kind]?.(JOB[role]) ?? {})).toBe(false);
    },
  );

  it.each(ROLES)('of %s refuses the jobs of every other file', (role) => {
    const taken = WORKFLOWS.filter((name) =>
      trusts(trustOf(role), { ...JOB[role], job_workflow_ref: file(name) }),
    );
    expect(taken).toEqual([...FILES[role]].sort());
  });

  it("lets the job that runs a customer's build in where it builds and records, and nowhere else", () => {
    const taking = (job: Claims) => ROLES.filter((role) => trusts(trustOf(role), job));
    expect(taking(branch('build'))).toEqual(['build', 'evidence']);
    // the name of the calling file in its token would open no key of a build either
    expect(taking(branch('deliver'))).toEqual(['gate', 'evidence']);
  });

  it.each(ROLES.filter((role) => !['build', 'evidence'].includes(role)))(
    "of %s would take the job that runs a customer's build, if its other claims were right, without its files",
    (role) => {
      const builder = { ...JOB[role], job_workflow_ref: file('build') };
      expect(trusts(trustOf(role), builder)).toBe(false);
      expect(trusts(without(trustOf(role), 'StringLike', 'job_workflow_ref'), builder)).toBe(true);
    },
  );

  it.each(['approve', 'deploy', 'provision'] as const)(
    'of %s refuses a run that the bot of GITHUB_TOKEN started',
    (role) => {
      expect(trusts(trustOf(role), { ...JOB[role], ...BOT })).toBe(false);
      expect(trusts(without(trustOf(role), 'StringNotEquals', 'actor_id'), { ...JOB[role], ...BOT })).toBe(
        true,
      );
    },
  );

  it.each([
    'redeploy',
    'rotate',
    'access',
    'report',
    'journal',
    'provision-plan',
    'provision',
    'verify',
    'observe',
  ] as const)("of %s takes no customer's job", (role) => {
    const customers = ofCustomer(JOB[role]);
    expect(trusts(trustOf(role), customers)).toBe(false);
  });

  it.each(['rotate', 'redeploy', 'journal'] as const)('of %s takes a job after an approval too', (role) => {
    const approved = ofOperations(inEnvironment('rotate-access', 'acme-prod-approval'));
    expect(trusts(trustOf(role), approved)).toBe(true);
  });
});

/** Every workflow of this repository: a new one opens no role that its row in FILES does not name. */
const WORKFLOWS = globSync('.github/workflows/*.yml', { cwd: join(import.meta.dirname, '../../..') })
  .map((path) => basename(path, '.yml'))
  .sort();

/** The files whose jobs have a role. */
const FILES: Readonly<Record<Role, readonly string[]>> = {
  'pull-request': ['release-gate'],
  read: ['promote', 're-gate', 'break-glass'],
  build: ['build', 'rollback', 'promote'], // the others propose, and build nothing
  gate: ['deliver', 'rollback', 'promote'],
  approve: ['deliver', 'promote', 'provision'],
  deploy: ['deliver', 'rollback', 'promote', 'resume', 'verify'],
  redeploy: ['rotate-access'],
  rotate: ['rotate-access'],
  'rotate-secret': ['rotate-access'],
  'rotate-registry': ['rotate-access'],
  'rotate-vpn': ['rotate-access'],
  access: ['break-glass'],
  report: ['credential-report'],
  evidence: ['build', 'deliver', 'rollback', 'promote', 'provision', 'resume', 'verify'],
  journal: ['rotate-access', 'break-glass'],
  'provision-plan': ['provision'],
  provision: ['provision'],
  verify: ['verify-provision'],
  observe: ['drift', 'doctor'],
};

describe('without one of its conditions', () => {
  const conditions = ROLES.flatMap((role) => {
    const [statement] = trustOf(role).Statement as readonly { Condition: Conditions }[]; // our own file
    return Object.entries(statement?.Condition ?? {}).flatMap(([operator, keys]) =>
      Object.keys(keys)
        .filter((key) => key !== 'sts:RoleSessionName' && !key.endsWith(':actor_id'))
        .map((key) => [role, operator, key.replace(/^.*:/, '')] as const),
    );
  });

  it.each(conditions)('the trust of %s (%s of %s) would let somebody in', (role, operator, claim) => {
    const weaker = without(trustOf(role), operator, claim);
    const guests = Object.entries(HOSTILE).filter(([, hostile]) => trusts(weaker, hostile(JOB[role])));
    expect(guests.map(([kind]) => kind)).not.toEqual([]);
  });
});

type Conditions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

function without(document: unknown, operator: string, claim: string): unknown {
  return JSON.parse(JSON.stringify(document), (name, value: unknown) => {
    if (name !== operator) return value;
    const kept = Object.entries(Object(value)).filter(([key]) => !key.endsWith(`:${claim}`));
    return Object.fromEntries(kept);
  });
}

function ofCustomer(job: Claims): Claims {
  return {
    ...job,
    sub: job['sub']?.replace('OWNER/tenant-operations', 'acme/orders'),
    repository: 'acme/orders',
    repository_id: '456789',
  };
}
