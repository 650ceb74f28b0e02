import { expect, test } from '@jest/globals';
import { ROLES } from '@tenant-delivery/domain';
import { many, type PolicyDocument, statementsOf } from '../src/policy/document.ts';
import { services } from '../src/services/index.ts';
import { ACCOUNT, EVERY_KIND, mayIn, prodWith, REGION, roleOf, says } from './iam-rendered.ts';

const rendered = prodWith({ credentials: EVERY_KIND });
const may = mayIn(rendered);
const ecs = (resource: string) => `arn:aws:ecs:${REGION}:${ACCOUNT}:${resource}`;
const cluster = { 'ecs:cluster': ecs('cluster/acme-prod') };
const tagged = { ...cluster, 'aws:ResourceTag/tenant-delivery:contract': 'acme/prod' };
const service = ecs('service/acme-prod/orders');
const family = ecs('task-definition/acme-prod-orders:7');
const who = (action: string, resource: string, context: Parameters<typeof may>[3] = {}) =>
  ROLES.filter((role) => may(role, action, resource, context));

test('deploy changes the services of its cluster that bear the tag of the contract, and nothing else', () => {
  expect(who('ecs:UpdateService', service, tagged)).toEqual(['deploy', 'redeploy']);
  expect(may('deploy', 'ecs:UpdateService', service, cluster)).toBe(false);
  const others = { ...tagged, 'aws:ResourceTag/tenant-delivery:contract': 'acme/staging' };
  expect(may('deploy', 'ecs:UpdateService', service, others)).toBe(false);
  expect(may('deploy', 'ecs:UpdateService', ecs('service/acme-staging/orders'), tagged)).toBe(false);
  expect(
    may('deploy', 'ecs:UpdateService', service, { ...tagged, 'ecs:cluster': ecs('cluster/other') }),
  ).toBe(false);
  expect(may('deploy', 'ecs:DeleteService', service, tagged)).toBe(false);
});

test('deploy registers, runs and tags families of its environment, and none of another', () => {
  const made = { 'ecs:CreateAction': 'RegisterTaskDefinition' };
  for (const [action, context] of [
    ['ecs:RegisterTaskDefinition', {}],
    ['ecs:RunTask', cluster],
    ['ecs:TagResource', made],
  ] as const) {
    expect(may('deploy', action, family, context)).toBe(true);
    for (const other of ['acme-staging-orders', 'globex-prod-billing', 'acme-production-orders'])
      expect(may('deploy', action, ecs(`task-definition/${other}:7`), context)).toBe(false);
  }
  expect(may('deploy', 'ecs:RunTask', family, { 'ecs:cluster': ecs('cluster/other') })).toBe(false);
  expect(may('deploy', 'ecs:TagResource', family)).toBe(false);
  expect(who('ecs:RunTask', family, cluster)).toEqual(['deploy', 'redeploy']);
  expect(may('deploy', 'ecs:StopTask', ecs('task/acme-prod/1'), cluster)).toBe(true);
  expect(may('deploy', 'ecs:StopTask', ecs('task/other/1'), { 'ecs:cluster': ecs('cluster/other') })).toBe(
    false,
  );
});

test.each<[string, Readonly<Record<string, string | readonly string[]>>]>([
  ['a public address', { 'ecs:auto-assign-public-ip': 'true' }],
  ['a shell in tasks', { 'ecs:enable-execute-command': 'true' }],
  ['another subnet', { 'ecs:subnet': ['subnet-0acme00app0000001', 'subnet-other'] }],
  ["another family's revision", { 'ecs:task-definition': ecs('task-definition/other:1') }],
  ["a probe's revision", { 'ecs:task-definition': ecs('task-definition/acme-prod-orders-probe:1') }],
])('an update that asks for %s is denied, to deliveries and in an incident', (_, asked) => {
  expect(may('deploy', 'ecs:UpdateService', service, { ...tagged, ...asked })).toBe(false);
  const { policies } = roleOf(rendered, 'td-prod-break-glass');
  const incident = (context: Readonly<Record<string, string | readonly string[]>>) =>
    says(policies['td-break-glass'], 'ecs:UpdateService', service, context);
  expect(incident(tagged)).toBe('allowed');
  expect(incident(cluster)).toBe('silent'); // no service of this contract
  expect(incident({ ...tagged, ...asked })).toBe('denied');
});

test('deploy updates with what belongs to the service, registers nothing privileged and runs no shell', () => {
  const own = { 'ecs:task-definition': family, 'ecs:subnet': ['subnet-0acme00app0000001'] };
  expect(may('deploy', 'ecs:UpdateService', service, { ...tagged, ...own })).toBe(true);
  expect(may('deploy', 'ecs:RegisterTaskDefinition', family, { 'ecs:privileged': 'enabled' })).toBe(false);
  expect(may('deploy', 'ecs:RunTask', family, { ...cluster, 'ecs:enable-execute-command': 'true' })).toBe(
    false,
  );
});

test('a task pulls the image of its probe where the contract names one', () => {
  const base = `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/base/node`;
  const probing = mayIn(prodWith({ probe: { image: `base/node@sha256:${'1'.repeat(64)}` } }));
  expect(probing('acme-prod-orders-execution', 'ecr:BatchGetImage', base)).toBe(true);
  expect(may('acme-prod-orders-execution', 'ecr:BatchGetImage', base)).toBe(false);
});

test('a service of the cluster that is under no contract may be stopped, and is changed by no role', () => {
  const stray = (kind: string, id = '') => ecs(`${kind}/acme-prod/stray${id}`);
  const tasks = { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' };
  const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
  for (const [action, resource, context] of [
    ['ecs:UpdateService', stray('service'), cluster],
    ['ecs:RegisterTaskDefinition', ecs('task-definition/stray:1'), {}],
    ['ecs:RunTask', ecs('task-definition/stray:1'), cluster],
    ['iam:PassRole', `arn:aws:iam::${ACCOUNT}:role/stray`, tasks],
    ['ecr:PutImage', arn('ecr', 'repository/stray'), {}],
    ['logs:PutLogEvents', arn('logs', 'log-group:/stray:log-stream:x'), {}],
  ] as const)
    expect([action, who(action, resource, context)]).toEqual([action, []]);
  // weaker by design: the table in docs/security.md says so
  for (const [action, resource] of [
    ['ecs:StopServiceDeployment', stray('service-deployment', '/1')],
    ['ecs:ContinueServiceDeployment', stray('service-deployment', '/1')],
    ['ecs:StopTask', ecs('task/acme-prod/1')],
  ] as const)
    expect([action, who(action, resource, cluster)]).toEqual([action, ['deploy', 'redeploy']]);
});

test('deploy hands roles of tasks to tasks, and no role of jobs to anybody', () => {
  const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/td/${name}`;
  const tasks = { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' };
  expect(may('deploy', 'iam:PassRole', role('prod/tasks/acme-prod-orders-task'), tasks)).toBe(true);
  expect(may('deploy', 'iam:PassRole', role('staging/tasks/acme-staging-orders-task'), tasks)).toBe(false);
  expect(may('deploy', 'iam:PassRole', role('prod/td-prod-deploy'), tasks)).toBe(false);
  const machines = { 'iam:PassedToService': 'ec2.amazonaws.com' };
  expect(may('deploy', 'iam:PassRole', role('prod/tasks/acme-prod-orders-task'), machines)).toBe(false);
});

test('gate and deploy know secrets, roles and groups of tasks by their metadata, and nothing of other environments', () => {
  const secret = (name: string) => `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${name}`;
  const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/td/prod/${name}`;
  const all = ['gate', 'deploy', 'redeploy'];
  expect(who('secretsmanager:DescribeSecret', secret('td/prod/orders/database-aB3xYz'))).toEqual(all);
  expect(who('secretsmanager:DescribeSecret', secret('td/test/orders/database-aB3xYz'))).toEqual([]);
  expect(who('secretsmanager:GetSecretValue', secret('td/prod/orders/database-aB3xYz'))).toEqual([]);
  expect(who('ssm:GetParameters', `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/td/prod/x`)).toEqual([]);
  const comparing = ['provision-plan', 'provision', 'verify', 'observe']; // every role with its template
  expect(who('iam:GetRole', role('tasks/acme-prod-orders-task'))).toEqual([...all, ...comparing]);
  expect(who('iam:GetRole', role('td-prod-deploy'))).toEqual(comparing);
});

test('no role but build pushes, and it pushes to repositories of the tenant alone', () => {
  const repository = (name: string) => `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/${name}`;
  expect(who('ecr:PutImage', repository('acme/orders'))).toEqual(['build']);
  expect(who('ecr:PutImage', repository('acme-2/orders'))).toEqual([]);
  expect(who('ecr:PutImage', repository('base/node'))).toEqual([]);
  expect(who('ecr:BatchDeleteImage', repository('acme/orders'))).toEqual([]);
});

test('evidence writes the vault and journal what rotations write, as the bucket says too', () => {
  const object = (key: string) => `arn:aws:s3:::td-vault-acme-prod-${ACCOUNT}/${key}`;
  expect(who('s3:PutObject', object('changes/x'))).toEqual(['evidence']);
  expect(who('s3:PutObject', object('locks/prod/orders.json'))).toEqual([
    'evidence',
    'journal',
    'provision', // keeps deliveries away while CloudFormation updates the service
  ]);
  expect(who('s3:DeleteObject', object('changes/x'))).toEqual([]);
  const bucket = (role: string, key: string) =>
    says(rendered.vault.policy, 's3:PutObject', object(key), {
      'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/td/prod/td-prod-${role}`,
      'aws:SecureTransport': 'true',
      's3:if-none-match': '*',
    });
  expect([bucket('evidence', 'changes/x'), bucket('evidence', 'rotation/x')]).toEqual(['silent', 'denied']);
  expect([bucket('journal', 'rotation/x'), bucket('deploy', 'rotation/x')]).toEqual(['silent', 'denied']);
  // the signed entries too
  const signed = 'changes/prod/_rotations/break-glass/0001/0000.dsse.json';
  expect([bucket('journal', signed), bucket('evidence', signed)]).toEqual(['silent', 'denied']);
  expect(may('journal', 's3:PutObject', object(signed))).toBe(true);
  expect(may('journal', 's3:PutObject', object('changes/prod/orders/chg_1/0000.dsse.json'))).toBe(false);
});

test('a pull request reads the contract and which one was seen, and nothing else', () => {
  const vault = `arn:aws:s3:::td-vault-acme-prod-${ACCOUNT}`;
  expect(may('pull-request', 's3:GetObject', `${vault}/contract/prod.dsse.json`)).toBe(true);
  expect(may('pull-request', 's3:GetObject', `${vault}/seen/contract/prod/0000000000000001.json`)).toBe(true);
  expect(may('pull-request', 's3:ListBucket', vault, { 's3:prefix': 'seen/contract/prod/' })).toBe(true);
  for (const key of ['changes/x', 'objects/x', 'images/x', 'rotation/x', 'contract/staging.dsse.json'])
    expect(may('pull-request', 's3:GetObject', `${vault}/${key}`)).toBe(false);
  expect(may('pull-request', 's3:ListBucket', vault, { 's3:prefix': 'changes/' })).toBe(false);
  expect(may('pull-request', 's3:ListBucket', vault)).toBe(false);
  const { policies } = roleOf(rendered, 'td-prod-pull-request');
  const granted = Object.values(policies)
    .flatMap((document) => [...statementsOf(document as PolicyDocument)])
    .flatMap(({ Action }) => many(Action));
  expect(granted.sort()).toEqual(['s3:GetObject', 's3:ListBucket']);
});

test('nothing is held in another region', () => {
  expect(may('deploy', 'ecs:DescribeTaskDefinition', '*', { 'aws:RequestedRegion': 'us-east-1' })).toBe(
    false,
  );
});

test('a build may do more only where the contract asks for it', () => {
  const repository = `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/acme/orders`;
  const signingProfile = `arn:aws:signer:${REGION}:${ACCOUNT}:/signing-profiles/acme`;
  const asking = mayIn(prodWith({ registry: { createIfMissing: true, signingProfile } }));
  expect(may('build', 'ecr:CreateRepository', repository)).toBe(false);
  expect(asking('build', 'ecr:CreateRepository', repository)).toBe(true);
  expect(asking('build', 'ecr:CreateRepository', repository.replace('acme/', 'other/'))).toBe(false);
  expect([may, asking].map((of) => of('build', 'signer:SignPayload', signingProfile))).toEqual([false, true]);
});

test('a deploy takes revisions out of use only by the file that a provider adds for that', () => {
  const { optional } = roleOf(rendered, 'td-prod-deploy');
  for (const action of ['ecs:ListTaskDefinitions', 'ecs:DeregisterTaskDefinition']) {
    expect(may('deploy', action, '*')).toBe(false);
    const added = (region: string) =>
      says(optional['td-prod-deploy-retention'], action, '*', { 'aws:RequestedRegion': region });
    expect([added(REGION), added('us-east-1')]).toEqual(['allowed', 'silent']);
  }
});

/** Operations whose action has another name. */
const ACTIONS: Readonly<Record<string, string>> = {
  DescribeAlarms: 'cloudwatch:DescribeAlarms',
  GetMetricData: 'cloudwatch:GetMetricData',
  ListObjectsV2: 's3:ListBucket',
};

test('no action is named that the pipeline does not call', () => {
  const answered = services.flatMap(({ name, operations }) =>
    Object.keys(operations).map((operation) => ACTIONS[operation] ?? `${name}:${operation}`),
  );
  const granted = rendered.roles
    .filter(
      ({ kind }) =>
        !['break-glass', 'cloudformation', 'provision-plan', 'provision', 'verify', 'observe'].includes(kind),
    )
    .flatMap(({ policies }) => Object.values(policies))
    .flatMap((document) => [...statementsOf(document as PolicyDocument)])
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
    // Secrets Manager asks for it when it has a secret rotated.
    'lambda:InvokeFunction',
    // What ECS does with the execution role.
    'logs:CreateLogStream',
    'logs:PutLogEvents',
  ]);
});
