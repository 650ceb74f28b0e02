import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { actionOf } from '../src/iam/ungranted.ts';
import { many, type PolicyDocument, statementsOf } from '../src/policy/document.ts';
import { evaluate } from '../src/policy/evaluate.ts';
import { readContract } from '../src/seed/contract.ts';
import { policy, whole } from '../src/seed/identity.ts';
import { placeOf } from '../src/seed/place.ts';
import { templatesIn } from '../src/seed/template.ts';
import { services } from '../src/services/index.ts';
import { ACME, contractOf, REGION } from './acme.ts';
import { BUILD_JOB, DEPLOY_JOB, PLAN_JOB } from './an-issuer.ts';

const ROLES = [
  'read',
  'build',
  'gate',
  'approve',
  'deploy',
  'rotate',
  'report',
  'access',
  'evidence',
] as const;
type Role = (typeof ROLES)[number];

const contract = readContract(contractOf('acme'));
const prod = contract.environments['prod'];
if (!prod) throw new Error('acme has no prod');
const place = placeOf(contract, 'prod', prod, {
  provider: 'OWNER/tenant-delivery',
  releases: ['refs/tags/v0.1.0'],
  publishers: [`arn:aws:iam::${ACME}:user/operator`],
});
const templates = templatesIn();
const values = { ...place.values, signingRoleArns: [place.roleArn('build')] };
const trustOf = (role: Role) => policy(templates(`trust/${role}.json`, values));
/** Approving needs none. */
const permissionsOf = (role: string) =>
  role === 'approve'
    ? { Version: '2012-10-17', Statement: [] }
    : policy(templates(`permissions/${role}.json`, values));

const HOST = 'token.actions.githubusercontent.com';
function trusted(
  document: PolicyDocument,
  claims: Readonly<Record<string, string | undefined>>,
  session = 'td-acme-prod-1-1',
): boolean {
  const context = Object.entries(claims).map(([claim, value]) => [`${HOST}:${claim}`, value]);
  const caller = { kind: 'federated', provider: `arn:aws:iam::${ACME}:oidc-provider/${HOST}` } as const;
  const asked = { caller, action: 'sts:AssumeRoleWithWebIdentity', resource: undefined };
  return (
    evaluate(document, {
      ...asked,
      context: { ...Object.fromEntries(context), 'sts:RoleSessionName': session },
    }) === 'allowed'
  );
}

/** The job that each role is for. */
const JOB: Readonly<Record<Role, Readonly<Record<string, string | undefined>>>> = {
  read: {
    ...PLAN_JOB,
    sub: 'repo:acme/orders:pull_request',
    job_workflow_ref: DEPLOY_JOB.job_workflow_ref.replace('deliver.yml', 'release-gate.yml'),
  },
  build: BUILD_JOB,
  gate: PLAN_JOB,
  approve: {
    ...DEPLOY_JOB,
    sub: 'repo:acme/orders:environment:acme-prod-approval',
    environment: 'acme-prod-approval',
  },
  deploy: DEPLOY_JOB,
  rotate: {
    ...DEPLOY_JOB,
    sub: 'repo:OWNER/tenant-operations:environment:acme-prod',
    repository_id: '700002',
    repository_owner_id: '700000',
    job_workflow_ref: DEPLOY_JOB.job_workflow_ref.replace('deliver.yml', 'rotate-access.yml'),
  },
  report: {
    ...DEPLOY_JOB,
    sub: 'repo:OWNER/tenant-operations:ref:refs/heads/main',
    environment: undefined,
    repository_id: '700002',
    repository_owner_id: '700000',
    job_workflow_ref: DEPLOY_JOB.job_workflow_ref.replace('deliver.yml', 'credential-report.yml'),
  },
  access: {
    ...DEPLOY_JOB,
    sub: 'repo:OWNER/tenant-operations:environment:acme-prod-break-glass',
    repository_id: '700002',
    repository_owner_id: '700000',
    environment: 'acme-prod-break-glass',
    job_workflow_ref: DEPLOY_JOB.job_workflow_ref.replace('deliver.yml', 'break-glass.yml'),
  },
  evidence: DEPLOY_JOB,
};

/** One wrong claim at a time, with the condition that alone keeps it out. */
const HOSTILE: Readonly<
  Record<
    string,
    (job: Readonly<Record<string, string | undefined>>) => Readonly<Record<string, string | undefined>>
  >
> = {
  [`${HOST}:aud`]: (job) => ({ ...job, aud: 'https://github.com/acme' }),
  [`${HOST}:sub`]: (job) => ({ ...job, sub: 'repo:acme/orders:ref:refs/heads/evil' }),
  [`${HOST}:repository_id`]: (job) => ({ ...job, repository_id: '999999' }),
  [`${HOST}:repository_owner_id`]: (job) => ({ ...job, repository_owner_id: '999999' }),
  [`${HOST}:job_workflow_ref`]: (job) => ({
    ...job,
    job_workflow_ref: 'acme/orders/.github/workflows/x.yml@refs/heads/main',
  }),
  [`${HOST}:environment`]: (job) => ({ ...job, environment: 'acme-test' }),
};

describe('every file of templates/iam', () => {
  const directory = join(import.meta.dirname, '../../../templates/iam');
  const files = readdirSync(directory, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.json'));

  it.each(files)('%s needs no value that a contract does not give', (file) => {
    expect(JSON.stringify(templates(file, values))).not.toMatch(/\$\{[A-Za-z]+\}/);
  });

  it.each(files.filter((file) => /^(trust|permissions)\//.test(file)))(
    '%s keeps inside the size that IAM allows',
    (file) => {
      const limit = file.startsWith('trust/') ? 2048 : 6144;
      expect(JSON.stringify(templates(file, values)).length).toBeLessThanOrEqual(limit);
    },
  );
});

describe("a role's trust", () => {
  const conditions = ROLES.flatMap((role) => {
    const [statement] = statementsOf(trustOf(role));
    const keys = Object.values(statement?.Condition ?? {}).flatMap((tested) => Object.keys(tested));
    return keys.filter((key) => key !== 'sts:RoleSessionName').map((key) => [role, key] as const);
  });

  it.each(ROLES)('of %s takes its own job and no other session name', (role) => {
    expect(trusted(trustOf(role), JOB[role])).toBe(true);
    expect(trusted(trustOf(role), JOB[role], 'td-globex-prod-1-1')).toBe(false);
  });

  it('of read takes the job of a promotion, which only reads where the version comes from', () => {
    const promotion = {
      ...PLAN_JOB,
      job_workflow_ref: DEPLOY_JOB.job_workflow_ref.replace('deliver.yml', 'promote.yml'),
    };
    expect(trusted(trustOf('read'), promotion)).toBe(true);
    expect(trusted(trustOf('read'), PLAN_JOB)).toBe(false);
    expect(trusted(trustOf('deploy'), promotion)).toBe(false);
  });

  it("lets the job that runs a customer's build in where it builds and records, and nowhere else", () => {
    expect(ROLES.filter((role) => trusted(trustOf(role), BUILD_JOB))).toEqual(['build', 'evidence']);
    expect(ROLES.filter((role) => trusted(trustOf(role), PLAN_JOB))).toEqual(['gate', 'evidence']);
  });

  it.each(ROLES.filter((role) => !['build', 'evidence'].includes(role)))(
    "of %s would take the job that runs a customer's build, if its other claims were right, without its condition on job_workflow_ref",
    (role) => {
      const builder = { ...JOB[role], job_workflow_ref: BUILD_JOB.job_workflow_ref };
      expect(trusted(trustOf(role), builder)).toBe(false);
      expect(trusted(without(trustOf(role), `${HOST}:job_workflow_ref`), builder)).toBe(true);
    },
  );

  it('of build takes no job of deliver.yml, so that a token which named it for its nested call would open nothing', () => {
    expect(trusted(trustOf('build'), PLAN_JOB)).toBe(false);
    for (const file of ['rollback.yml', 'promote.yml']) {
      const proposal = {
        ...PLAN_JOB,
        job_workflow_ref: PLAN_JOB.job_workflow_ref.replace('deliver.yml', file),
      };
      expect(['build', 'gate'].map((role) => trusted(trustOf(role as Role), proposal))).toEqual([true, true]);
    }
  });

  it('of rotate takes a job after an approval too, and none of a customer', () => {
    const approved = {
      ...JOB.rotate,
      sub: 'repo:OWNER/tenant-operations:environment:acme-prod-approval',
      environment: 'acme-prod-approval',
    };
    expect(trusted(trustOf('rotate'), approved)).toBe(true);
    expect(trusted(trustOf('evidence'), approved)).toBe(true);
    const customers = { sub: DEPLOY_JOB.sub, repository_id: '456789', repository_owner_id: '123456' };
    expect(trusted(trustOf('rotate'), { ...JOB.rotate, ...customers })).toBe(false);
  });

  it('of deploy takes a rotation of what tasks are given only where a statement says so, and that one no delivery', () => {
    const addition = policy(templates('trust/deploy-rotation.json', values));
    const both = whole([trustOf('deploy'), addition]);
    expect(trusted(trustOf('deploy'), JOB.rotate)).toBe(false);
    expect([trusted(both, JOB.rotate), trusted(both, DEPLOY_JOB)]).toEqual([true, true]);
    expect(trusted(addition, DEPLOY_JOB)).toBe(false);
    for (const [key, hostile] of Object.entries(HOSTILE))
      if (!key.endsWith(':sub')) expect(trusted(both, hostile(JOB.rotate))).toBe(false);
    expect(JSON.stringify(both).length).toBeLessThanOrEqual(2048);
  });

  it.each(conditions)('of %s without its condition on %s would let somebody in', (role, key) => {
    const intruder = HOSTILE[key]?.(JOB[role]) ?? {};
    expect(trusted(trustOf(role), intruder)).toBe(false);
    expect(trusted(without(trustOf(role), key), intruder)).toBe(true);
  });
});

function without(document: PolicyDocument, key: string): PolicyDocument {
  const dropped = JSON.parse(JSON.stringify(document), (name, value: unknown) =>
    name === key ? undefined : value,
  );
  return policy(dropped);
}

describe("a role's permissions", () => {
  const may = (
    role: string,
    action: string,
    resource: string,
    context: Record<string, string | readonly string[]> = {},
  ) =>
    evaluate(permissionsOf(role), {
      caller: undefined,
      action,
      resource,
      context: { 'aws:RequestedRegion': REGION, ...context },
    }) === 'allowed';
  const ecs = (resource: string) => `arn:aws:ecs:${REGION}:${ACME}:${resource}`;
  const cluster = { 'ecs:cluster': ecs('cluster/acme-prod') };
  const service = ecs('service/acme-prod/orders');

  it('let deploy change the services of the contract and nothing else', () => {
    expect(may('deploy', 'ecs:UpdateService', service, cluster)).toBe(true);
    expect(may('deploy', 'ecs:UpdateService', ecs('service/acme-prod/other'), cluster)).toBe(false);
    expect(may('deploy', 'ecs:UpdateService', service, { 'ecs:cluster': ecs('cluster/other') })).toBe(false);
    expect(may('deploy', 'ecs:DeleteService', service, cluster)).toBe(false);
    expect(may('deploy', 'ecs:RegisterTaskDefinition', ecs('task-definition/acme-prod-orders:7'))).toBe(true);
    expect(may('deploy', 'ecs:RegisterTaskDefinition', ecs('task-definition/other:7'))).toBe(false);
  });

  it.each<[string, Record<string, string | readonly string[]>]>([
    ['a public address', { 'ecs:auto-assign-public-ip': 'true' }],
    ['a shell in tasks', { 'ecs:enable-execute-command': 'true' }],
    ['another subnet', { 'ecs:subnet': ['subnet-0acme00app0000001', 'subnet-other'] }],
    ["another family's revision", { 'ecs:task-definition': ecs('task-definition/other:1') }],
  ])('deny deploy an update that asks for %s', (_, context) => {
    expect(may('deploy', 'ecs:UpdateService', service, { ...cluster, ...context })).toBe(false);
  });

  it('let deploy update with what belongs to the service', () => {
    const own = {
      'ecs:task-definition': ecs('task-definition/acme-prod-orders:7'),
      'ecs:subnet': ['subnet-0acme00app0000001'],
    };
    expect(may('deploy', 'ecs:UpdateService', service, { ...cluster, ...own })).toBe(true);
    expect(
      may('deploy', 'ecs:RegisterTaskDefinition', ecs('task-definition/acme-prod-orders:7'), {
        'ecs:privileged': 'enabled',
      }),
    ).toBe(false);
  });

  it('let deploy run migrations of the families in its cluster, and stop tasks there', () => {
    const family = ecs('task-definition/acme-prod-orders:7');
    const elsewhere = { 'ecs:cluster': ecs('cluster/other') };
    expect(may('deploy', 'ecs:RunTask', family, cluster)).toBe(true);
    expect(may('deploy', 'ecs:RunTask', ecs('task-definition/other:7'), cluster)).toBe(false);
    expect(may('deploy', 'ecs:RunTask', family, elsewhere)).toBe(false);
    expect(may('deploy', 'ecs:RunTask', family, { ...cluster, 'ecs:enable-execute-command': 'true' })).toBe(
      false,
    );
    expect(may('deploy', 'ecs:StopTask', ecs('task/acme-prod/1'), cluster)).toBe(true);
    expect(may('deploy', 'ecs:StopTask', ecs('task/other/1'), elsewhere)).toBe(false);
    expect(ROLES.filter((role) => may(role, 'ecs:RunTask', family, cluster))).toEqual(['deploy']);
  });

  it('let deploy register and run probes where the contract names one, and update no service to them', () => {
    const probe = ecs('task-definition/acme-prod-orders-probe:1');
    const named = { ...prod, probe: { image: `base/node@sha256:${'1'.repeat(64)}` } };
    const { values } = placeOf(contract, 'prod', named, {
      provider: 'OWNER/tenant-delivery',
      releases: ['refs/tags/v0.1.0'],
      publishers: [],
    });
    const allowed = (role: string, action: string, resource: string, context = {}) =>
      evaluate(policy(templates(`permissions/${role}.json`, values)), {
        caller: undefined,
        action,
        resource,
        context: { 'aws:RequestedRegion': REGION, ...cluster, ...context },
      }) === 'allowed';
    expect(allowed('deploy', 'ecs:RegisterTaskDefinition', probe)).toBe(true);
    expect(allowed('deploy', 'ecs:RunTask', probe)).toBe(true);
    expect(allowed('deploy', 'ecs:RunTask', probe, { 'ecs:cluster': ecs('cluster/other') })).toBe(false);
    expect(allowed('deploy', 'ecs:UpdateService', service, { 'ecs:task-definition': probe })).toBe(false);
    expect(may('deploy', 'ecs:RunTask', probe, cluster)).toBe(false); // this contract names none
    const base = `arn:aws:ecr:${REGION}:${ACME}:repository/base/node`;
    expect(allowed('execution', 'ecr:BatchGetImage', base)).toBe(true);
    expect(may('execution', 'ecr:BatchGetImage', base)).toBe(false);
  });

  it('let deploy hand tasks their two roles, to tasks alone', () => {
    const role = (name: string) => `arn:aws:iam::${ACME}:role/td/prod/${name}`;
    const tasks = { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' };
    expect(may('deploy', 'iam:PassRole', role('tasks/acme-prod-orders-task'), tasks)).toBe(true);
    expect(may('deploy', 'iam:PassRole', role('td-prod-deploy'), tasks)).toBe(false);
    expect(
      may('deploy', 'iam:PassRole', role('tasks/acme-prod-orders-task'), {
        'iam:PassedToService': 'ec2.amazonaws.com',
      }),
    ).toBe(false);
  });

  it('let gate and deploy know secrets, roles and groups of tasks by their metadata, and nothing of others', () => {
    const secret = (name: string) => `arn:aws:secretsmanager:${REGION}:${ACME}:secret:${name}`;
    const role = (name: string) => `arn:aws:iam::${ACME}:role/td/prod/${name}`;
    const lookers = (action: string, resource: string) => ROLES.filter((each) => may(each, action, resource));
    const both = ['gate', 'deploy'];
    expect(lookers('secretsmanager:DescribeSecret', secret('td/prod/orders/database-aB3xYz'))).toEqual(both);
    expect(lookers('secretsmanager:DescribeSecret', secret('td/test/orders/database-aB3xYz'))).toEqual([]);
    expect(lookers('secretsmanager:GetSecretValue', secret('td/prod/orders/database-aB3xYz'))).toEqual([]);
    expect(lookers('ssm:GetParameters', `arn:aws:ssm:${REGION}:${ACME}:parameter/td/prod/x`)).toEqual([]);
    expect(lookers('iam:GetRole', role('tasks/acme-prod-orders-task'))).toEqual(both);
    expect(lookers('iam:GetRole', role('td-prod-deploy'))).toEqual([]);
  });

  it('let no role but deploy change ECS, no role but build push, no role but evidence write the vault', () => {
    const object = `arn:aws:s3:::td-vault-acme-prod-${ACME}/changes/x`;
    const repository = `arn:aws:ecr:${REGION}:${ACME}:repository/acme/orders`;
    expect(ROLES.filter((role) => may(role, 'ecs:UpdateService', service, cluster))).toEqual(['deploy']);
    expect(ROLES.filter((role) => may(role, 'ecr:PutImage', repository))).toEqual(['build']);
    expect(ROLES.filter((role) => may(role, 's3:PutObject', object))).toEqual(['evidence']);
    expect(ROLES.filter((role) => may(role, 's3:DeleteObject', object))).toEqual([]);
    expect(ROLES.filter((role) => may(role, 'ecr:PutImage', `${repository}-other`))).toEqual([]);
  });

  it('let what rotates secrets of tasks turn them and look at the cluster, and read no value and change no service', () => {
    const credentials = [{ kind: 'secrets-manager', secret: 'td/prod/orders-db' }];
    const { values } = placeOf(
      contract,
      'prod',
      { ...prod, credentials },
      {
        provider: 'OWNER/tenant-delivery',
        releases: ['refs/tags/v0.1.0'],
        publishers: [],
      },
    );
    const document = policy(templates('permissions/rotate-secret.json', values));
    const allowed = (action: string, resource: string, context = {}) =>
      evaluate(document, {
        caller: undefined,
        action,
        resource,
        context: { 'aws:RequestedRegion': REGION, ...cluster, ...context },
      }) === 'allowed';
    const secret = `arn:aws:secretsmanager:${REGION}:${ACME}:secret:td/prod/orders-db-aB3xYz`;
    expect(allowed('secretsmanager:RotateSecret', secret)).toBe(true);
    expect(allowed('secretsmanager:RotateSecret', secret.replace('orders-db', 'other'))).toBe(false);
    expect(
      allowed('secretsmanager:RotateSecret', secret, { 'secretsmanager:ModifyRotationRules': 'true' }),
    ).toBe(false);
    for (const action of ['GetSecretValue', 'PutSecretValue', 'CancelRotateSecret'])
      expect(allowed(`secretsmanager:${action}`, secret)).toBe(false);
    expect(allowed('ecs:DescribeServices', service)).toBe(true);
    expect(allowed('ecs:DescribeServices', service, { 'ecs:cluster': ecs('cluster/other') })).toBe(false);
    expect(allowed('ecs:UpdateService', service)).toBe(false);
  });

  it('let access say who has the role for incidents while it has its boundary, and become nobody', () => {
    const role = `arn:aws:iam::${ACME}:role/td/break-glass/td-prod-break-glass`;
    const bounded = {
      'iam:PermissionsBoundary': `arn:aws:iam::${ACME}:policy/td/break-glass/td-prod-break-glass-boundary`,
    };
    expect(ROLES.filter((each) => may(each, 'iam:UpdateAssumeRolePolicy', role))).toEqual(['access']);
    expect(ROLES.filter((each) => may(each, 'iam:PutRolePolicy', role, bounded))).toEqual(['access']);
    expect(may('access', 'iam:PutRolePolicy', role)).toBe(false);
    for (const other of [`${role}2`, `arn:aws:iam::${ACME}:role/td/prod/td-prod-access`])
      expect(may('access', 'iam:UpdateAssumeRolePolicy', other)).toBe(false);
    // a trust policy that names it would let it in without any permission
    for (const action of ['sts:AssumeRole', 'iam:PassRole'])
      expect(
        evaluate(permissionsOf('access'), { caller: undefined, action, resource: role, context: {} }),
      ).toBe('denied');
  });

  it('keep the role for incidents from staying, from hiding, and from the vault', () => {
    const within = (action: string, resource = '*') =>
      evaluate(policy(templates('permissions/break-glass-boundary.json', values)), {
        caller: undefined,
        action,
        resource,
        context: { 'aws:RequestedRegion': REGION },
      });
    expect(within('ecs:UpdateService', service)).toBe('allowed');
    for (const action of ['iam:CreateUser', 'sts:AssumeRole', 'cloudtrail:StopLogging', 'kms:Sign'])
      expect(within(action)).toBe('denied');
    // without the key that signs grants none can be closed
    for (const action of ['kms:DisableKey', 'kms:UpdateAlias', 'cloudtrail:StopEventDataStoreIngestion'])
      expect(within(action)).toBe('denied');
    expect(within('s3:PutObject', `arn:aws:s3:::td-vault-acme-prod-${ACME}/x`)).toBe('denied');
  });

  it('let the role for incidents restart and rescale services, and change nothing that a deploy may not', () => {
    const update = (context: Readonly<Record<string, string | readonly string[]>>) =>
      evaluate(policy(templates('permissions/break-glass.json', values)), {
        caller: undefined,
        action: 'ecs:UpdateService',
        resource: service,
        context: { 'aws:RequestedRegion': REGION, ...context },
      });
    expect(update({})).toBe('allowed');
    const definition = (family: string) => `arn:aws:ecs:${REGION}:${ACME}:task-definition/${family}:1`;
    expect(update({ 'ecs:task-definition': definition('acme-prod-orders') })).toBe('allowed');
    expect(update({ 'ecs:task-definition': definition('other') })).toBe('denied');
    expect(update({ 'ecs:enable-execute-command': 'true' })).toBe('denied');
    expect(update({ 'ecs:auto-assign-public-ip': 'true' })).toBe('denied');
    expect(update({ 'ecs:subnet': ['subnet-0other'] })).toBe('denied');
  });

  it('let rotate work on the users and secrets of the contract alone, and on the key of the App by reading it', () => {
    const user = (name: string) => `arn:aws:iam::${ACME}:user/${name}`;
    const secret = (name: string) => `arn:aws:secretsmanager:${REGION}:${ACME}:secret:${name}`;
    const users = ['iam:CreateAccessKey', 'iam:UpdateAccessKey', 'iam:DeleteAccessKey'];
    for (const action of users)
      expect([
        ROLES.filter((role) => may(role, action, user('td-rotatable/acme-ci'))),
        may('rotate', action, user('td-rotatable/other')),
        may('rotate', action, user('acme-ci')),
      ]).toEqual([['rotate'], false, false]);
    const readers = (name: string) =>
      ROLES.filter((role) => may(role, 'secretsmanager:GetSecretValue', secret(name)));
    expect(readers('td/rotation/acme-ci-aB3xYz')).toEqual(['rotate']);
    expect(readers('td/rotation/github-app-aB3xYz')).toEqual(['rotate']);
    expect(readers('td/rotation/acme-ci-2-aB3xYz')).toEqual([]);
    expect(readers('td/prod/orders/database-aB3xYz')).toEqual([]);
    expect(may('rotate', 'secretsmanager:PutSecretValue', secret('td/rotation/github-app-aB3xYz'))).toBe(
      false,
    );
    expect(may('rotate', 'iam:PutUserPolicy', user('td-rotatable/acme-ci'))).toBe(false);
    const leak = policy(templates('permissions/rotate-leak.json', values));
    expect(statementsOf(leak).flatMap(({ Action }) => many(Action))).toEqual(['iam:PutUserPolicy']);
  });

  it('let report see how old credentials are, and no value, no object but contract and journals, and nothing to change', () => {
    const secret = (name: string) => `arn:aws:secretsmanager:${REGION}:${ACME}:secret:${name}`;
    const vault = `arn:aws:s3:::td-vault-acme-prod-${ACME}`;
    const user = `arn:aws:iam::${ACME}:user`;
    expect(may('report', 'secretsmanager:DescribeSecret', secret('td/rotation/acme-ci-aB3xYz'))).toBe(true);
    expect(may('report', 'secretsmanager:DescribeSecret', secret('td/prod/orders/database-aB3xYz'))).toBe(
      false,
    );
    expect(may('report', 'iam:ListAccessKeys', `${user}/td-rotatable/forgotten`)).toBe(true);
    expect(may('report', 'iam:ListAccessKeys', `${user}/admin`)).toBe(false);
    expect(may('report', 's3:GetObject', `${vault}/rotation/ci-legacy/0001/0000.json`)).toBe(true);
    expect(may('report', 's3:GetObject', `${vault}/objects/sha256/x`)).toBe(false);
    const granted = statementsOf(permissionsOf('report')).flatMap(({ Action }) => many(Action));
    expect(granted.filter((action) => !/:(List|Describe|Get|Lookup)/.test(action))).toEqual([]);
    expect(granted).not.toContain('secretsmanager:GetSecretValue');
    const github = statementsOf(policy(templates('permissions/report-github.json', values)));
    expect(github.map(({ Resource }) => Resource)).toEqual([[secret('td/rotation/github-app-??????')]]);
  });

  it('hold nothing in another region', () => {
    expect(may('deploy', 'ecs:DescribeTaskDefinition', '*', { 'aws:RequestedRegion': 'us-east-1' })).toBe(
      false,
    );
  });

  it('are more for a build only by the files that a contract asks for', () => {
    const repository = `arn:aws:ecr:${REGION}:${ACME}:repository/acme/orders`;
    const may = (file: string, action: string, resource: string) =>
      evaluate(policy(templates(`permissions/${file}.json`, values)), {
        caller: undefined,
        action,
        resource,
        context: { 'aws:RequestedRegion': REGION },
      });
    expect(may('build', 'ecr:CreateRepository', repository)).toBe('silent');
    expect(may('build-create-repository', 'ecr:CreateRepository', repository)).toBe('allowed');
    expect(may('build-create-repository', 'ecr:CreateRepository', `${repository}-other`)).toBe('silent');
    expect(may('build-managed-signing', 'signer:SignPayload', String(place.values['signingProfile']))).toBe(
      'allowed',
    );
  });

  it('let a deploy take revisions out of use only by the file that a provider adds for that', () => {
    const asked = ['ecs:ListTaskDefinitions', 'ecs:DeregisterTaskDefinition'];
    const by = (file: string) => policy(templates(`permissions/${file}.json`, values));
    expect(statementsOf(by('deploy-retention')).flatMap(({ Action }) => many(Action))).toEqual(asked);
    for (const action of asked) {
      const says = (file: string, region: string) =>
        evaluate(by(file), {
          caller: undefined,
          action,
          resource: '*',
          context: { 'aws:RequestedRegion': region },
        });
      expect(says('deploy', REGION)).toBe('silent');
      expect(says('deploy-retention', REGION)).toBe('allowed');
      expect(says('deploy-retention', 'us-east-1')).toBe('silent');
    }
  });

  it('name no action that the pipeline does not call', () => {
    const answered = services.flatMap(({ name, operations }) =>
      Object.keys(operations).map((operation) => actionOf(name, operation)),
    );
    const documents = [...ROLES, 'execution'].flatMap((role) => [...statementsOf(permissionsOf(role))]);
    const granted = documents
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap(({ Action }) => many(Action));
    expect([...new Set(granted)].filter((action) => !answered.includes(action)).sort()).toEqual([
      // Pushing and pulling: the registry asks for these.
      'ecr:BatchCheckLayerAvailability',
      'ecr:CompleteLayerUpload',
      'ecr:InitiateLayerUpload',
      'ecr:PutImage',
      'ecr:UploadLayerPart',
      // ECS asks for it when a task definition names roles.
      'iam:PassRole',
      // What ECS does with the execution role.
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ]);
  });
});
