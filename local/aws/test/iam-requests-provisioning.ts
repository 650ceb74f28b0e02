import type { Ask } from '../src/authorization/ask.ts';
import { allow, call, type Names, type Request, type Rows } from './iam-request.ts';

const CONTRACT = 'tenant-delivery:contract';

/** What the roles that provision ask for, and what CloudFormation asks for in its role. */
export function ofProvisioning(names: Names): Rows {
  return { ...ofJobs(names), ...ofLooks(names), ...ofCloudFormation(names), ...ofBoundary(names) };
}

interface More {
  readonly asked?: string;
  readonly tagged?: string;
  readonly context?: Ask['context'];
}

/** One ask, with the contract that the request tags with, or that the resource is tagged with. */
function ask(action: string, resource: string, { asked, tagged, context }: More = {}): Request {
  return {
    ask: {
      action,
      resource,
      context: { ...context, ...(asked && { [`aws:RequestTag/${CONTRACT}`]: asked }) },
      resourceTags: tagged ? { [CONTRACT]: tagged } : {},
    },
  };
}

/** What a hostile request asks, beside a policy that would allow it. */
const despite = (action: string, resource: string, more: More = {}): Request => ({
  ...ask(action, resource, more),
  beside: allow(action),
});

function placesOf({ tenant, environment, account, region }: Names) {
  const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
  const iam = (resource: string) => `arn:aws:iam::${account}:${resource}`;
  const stack = (called: string) => arn('cloudformation', `stack/td-${tenant}-${called}/*`);
  return {
    arn,
    iam,
    stack,
    role: (called: string) => iam(`role/td/${environment}/td-${environment}-${called}`),
    own: `${tenant}/${environment}`,
  };
}

function ofJobs(names: Names): Rows {
  const { environment, vault: Bucket } = names;
  const { arn, iam, stack, role, own } = placesOf(names);
  const backupRole = iam(`role/td/${environment}/td-${names.tenant}-${environment}-backup`);
  const network = stack(`${environment}-network`);
  const changeSet = {
    'cloudformation:ChangeSetName': 'td-chg-1',
    'cloudformation:ImportResourceTypes': undefined, // it imports nothing
  };
  const roleArn = { 'cloudformation:RoleArn': role('cloudformation') };
  const toCloudFormation = { 'iam:PassedToService': 'cloudformation.amazonaws.com' };
  const common = {
    ReadTheVault: call('s3', 'GetObject', { Bucket, Key: `changes/${environment}/network/chg_1/0000` }),
    ListTheVault: call('s3', 'ListObjectsV2', { Bucket, Prefix: `changes/${environment}/` }),
    RecordWhatIsProvisioned: call('s3', 'PutObject', {
      ...{ Bucket, IfNoneMatch: '*' },
      Key: `changes/${environment}/network/chg_1/0001`,
    }),
    ReadTheStacks: ask('cloudformation:GetTemplate', network),
    FollowADetection: ask('cloudformation:DescribeStackDriftDetectionStatus', '*'),
    LookAtWhatIsThere: ask('ec2:DescribeSubnets', '*'),
    CompareWithTheTemplates: ask('iam:GetRole', role('deploy')),
    HandCloudFormationItsRole: ask('iam:PassRole', role('cloudformation'), { context: toCloudFormation }),
  };
  return {
    'provision-plan': {
      ...common,
      PlanChanges: ask('cloudformation:CreateChangeSet', network, { context: { ...changeSet, ...roleArn } }),
      NeverByTheRightsOfAnotherRole: despite('cloudformation:CreateChangeSet', network, {
        context: { ...changeSet, 'cloudformation:RoleArn': role('deploy') },
      }),
      NeverImportAnythingElse: despite('cloudformation:CreateChangeSet', network, {
        context: { ...changeSet, ...roleArn, 'cloudformation:ImportResourceTypes': ['AWS::KMS::Key'] },
      }),
      NeverWhatTheAdministratorMakes: despite(
        'cloudformation:CreateChangeSet',
        stack(`${environment}-provisioning`),
        { context: { ...changeSet, ...roleArn } },
      ),
      FindTheOtherStacks: ask('cloudformation:ListStacks', '*'),
      ReadWhatOthersRecover: ask('cloudformation:GetTemplate', stack('elsewhere-foundation')),
    },
    provision: {
      ...common,
      BackUpBeforeAWithdrawal: call('backup', 'StartBackupJob', {
        BackupVaultName: `td-${names.tenant}-${environment}`,
        ResourceArn: `arn:aws:s3:::${Bucket}`,
        IamRoleArn: backupRole,
      }),
      HandAwsBackupItsRole: ask('iam:PassRole', backupRole, {
        context: { 'iam:PassedToService': 'backup.amazonaws.com' },
      }),
      ExecuteChanges: ask('cloudformation:ExecuteChangeSet', network, { context: changeSet }),
      LiftTheProtectionOfABalancer: ask(
        'elasticloadbalancing:ModifyLoadBalancerAttributes',
        arn('elasticloadbalancing', `loadbalancer/app/${names.balancer}/1`),
        { tagged: own },
      ),
      GuardAndTakeAwayStacks: ask('cloudformation:DeleteStack', network, { context: roleArn }),
      NeverByTheRightsOfAnotherRole: despite('cloudformation:DeleteStack', network, {
        context: { 'cloudformation:RoleArn': role('deploy') },
      }),
      NeverWhatTheAdministratorMakes: despite(
        'cloudformation:SetStackPolicy',
        stack(`${environment}-provisioning`),
      ),
    },
  };
}

/** What drift and doctor read. */
function ofLooks(names: Names): Rows {
  const { environment, vault: Bucket } = names;
  const { arn, stack, role } = placesOf(names);
  return {
    observe: {
      ReadTheVault: call('s3', 'GetObject', { Bucket, Key: `contract/${environment}.dsse.json` }),
      ListTheVault: call('s3', 'ListObjectsV2', { Bucket, Prefix: `seen/contract/${environment}/` }),
      ReadTheStacks: ask('cloudformation:DetectStackDrift', stack(`${environment}-network`)),
      FollowADetection: ask('cloudformation:DescribeStackDriftDetectionStatus', '*'),
      LookAtTheNetwork: call('ec2', 'DescribeSubnets', {}),
      LookAtWhatRuns: call('elasticloadbalancing', 'DescribeLoadBalancers', {}),
      LookAtQuotas: call('servicequotas', 'ListServiceQuotas', { ServiceCode: 'vpc' }),
      LookAtTheRegistry: call('ecr', 'DescribeRepositories', { repositoryNames: [names.repository] }),
      LookAtBackupsAndTopics: ask('backup:GetBackupPlan', arn('backup', 'backup-plan:1')),
      LookAtKeys: call('kms', 'GetKeyPolicy', { KeyId: names.signingKey }),
      LookAtWhoMayDoWhat: ask('iam:GetRole', role('deploy')),
      LookAtTheVaultAndItsCopy: call('s3', 'GetBucketPolicy', { Bucket }),
      WhoChangedWhat: ask('cloudtrail:LookupEvents', '*'),
    },
    'observe-links': { LookAtTheLinks: call('ec2', 'DescribeVpnConnections', {}) },
    verify: {
      RecordWhatIsVerified: call('s3', 'PutObject', {
        ...{ Bucket, IfNoneMatch: '*' },
        Key: `changes/${environment}/network/chg_1/0005`,
      }),
      ReadWhatWasExecuted: ask('cloudformation:DescribeStackEvents', stack(`${environment}-network`)),
      LookAtTheTasks: call('ecs', 'ListTasks', { cluster: names.cluster }),
    },
  };
}

function ofCloudFormation(names: Names): Rows {
  const { tenant, environment, cluster, service, family, repository, vault, balancer } = names;
  const { arn, iam, role, own } = placesOf(names);
  const bounded = { 'iam:PermissionsBoundary': iam(`policy/td/${environment}/td-${environment}-boundary`) };
  const tasks = iam(`role/td/${environment}/tasks/${family}-task`);
  return {
    cloudformation: {
      MakeAndWidenRolesWithinTheBoundary: ask('iam:CreateRole', tasks, { context: bounded }),
      ChangeRoles: ask('iam:UpdateAssumeRolePolicy', role('deploy')),
      NeverTheRolesThatProvision: despite('iam:UpdateAssumeRolePolicy', role('provision')),
      HandRolesToTasksAndFlowLogs: ask('iam:PassRole', tasks, {
        context: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
      }),
      LetServicesHaveTheirOwnRoles: ask(
        'iam:CreateServiceLinkedRole',
        iam('role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS'),
        { context: { 'iam:AWSServiceName': 'ecs.amazonaws.com' } },
      ),
      MakeSigningKeys: ask('kms:CreateKey', '*', { asked: own }),
      LookAtKeysAndNameThem: ask('kms:CreateAlias', arn('kms', 'key/abc'), { tagged: own }),
      NameKeysOfTheEnvironment: ask('kms:CreateAlias', arn('kms', `alias/td/${environment}/rotate`)),
      LookAtAliases: ask('kms:ListAliases', '*'),
      LookAtTheVault: ask('s3:GetBucketPolicy', `arn:aws:s3:::${vault}`),
    },
    'cloudformation-network': {
      LookAtTheNetwork: ask('ec2:DescribeVpcs', '*'),
      MakeTheNetwork: ask('ec2:CreateVpc', arn('ec2', 'vpc/vpc-1'), { asked: own }),
      MakeWhatIsInside: ask('ec2:CreateSubnet', arn('ec2', 'subnet/*'), { asked: own }),
      MakeWaysInAndOut: ask('ec2:CreateNatGateway', arn('ec2', 'natgateway/*'), { asked: own }),
      TagWhatIsMade: ask('ec2:CreateTags', arn('ec2', 'vpc/vpc-1'), {
        asked: own,
        context: { 'ec2:CreateAction': 'CreateVpc' },
      }),
      ChangeTheNetwork: ask('ec2:AuthorizeSecurityGroupIngress', arn('ec2', 'security-group/sg-1'), {
        tagged: own,
      }),
      RulesOfItsGroups: ask('ec2:AuthorizeSecurityGroupIngress', arn('ec2', 'security-group-rule/sgr-1')),
      // it is for target groups; our copy of AWS's reference has AddTags for load balancers alone
      TagTheBalancer: ask(
        'elasticloadbalancing:AddTags',
        arn('elasticloadbalancing', 'loadbalancer/app/of-another-name/1'),
        { asked: own, context: { 'elasticloadbalancing:CreateAction': 'CreateLoadBalancer' } },
      ),
      ChangeTheBalancer: ask(
        'elasticloadbalancing:CreateListener',
        arn('elasticloadbalancing', `loadbalancer/app/${balancer}/1`),
      ),
      ChangeTargetGroups: ask(
        'elasticloadbalancing:ModifyTargetGroup',
        arn('elasticloadbalancing', `targetgroup/${service}/1`),
        { tagged: own },
      ),
      NeverTheKeyOfALink: despite('ec2:ModifyVpnTunnelOptions', arn('ec2', 'vpn-connection/vpn-1'), {
        tagged: own,
      }),
    },
    'cloudformation-services': {
      ClusterAndServices: ask('ecs:CreateService', arn('ecs', `service/${cluster}/${service}`)),
      FirstRevisions: ask('ecs:RegisterTaskDefinition', arn('ecs', `task-definition/${family}:1`)),
      LookAtServices: ask('ecs:DescribeTaskDefinition', '*'),
      ScalingRanges: ask(
        'application-autoscaling:RegisterScalableTarget',
        arn('application-autoscaling', 'scalable-target/1'),
        { context: { 'application-autoscaling:service-namespace': 'ecs' } },
      ),
      LogGroups: ask('logs:CreateLogGroup', arn('logs', `log-group:/td/${tenant}/${environment}/${service}`)),
      Repositories: ask('ecr:CreateRepository', arn('ecr', `repository/${repository}`)),
      TakeAwayARepositoryThatIsItsOwn: ask('ecr:DeleteRepository', arn('ecr', `repository/${repository}`), {
        tagged: own,
      }),
      Alarms: ask('cloudwatch:PutMetricAlarm', arn('cloudwatch', `alarm:${family}-errors`)),
    },
  };
}

/** A role whose own policies were widened, by who could change them. */
function ofBoundary(names: Names): Rows {
  const { environment, service, cluster, vault } = names;
  const { arn, iam, role, stack } = placesOf(names);
  return {
    boundary: {
      WhatThePoliciesOfTheRoleAllow: {
        ...ask('ecs:UpdateService', arn('ecs', `service/${cluster}/${service}`)),
        beside: allow('ecs:UpdateService'),
      },
      NothingOfAnotherEnvironment: despite(
        'secretsmanager:GetSecretValue',
        arn('secretsmanager', `secret:td/${environment === 'prod' ? 'staging' : 'prod'}/orders-aB3xYz`),
      ),
      NoWayToMoreRights: despite('iam:PutRolePolicy', role('deploy')),
      NoRoleIsHandedOnButOfTasks: despite('iam:PassRole', role('deploy')),
      NoStackAndNoAccount: despite('cloudformation:ExecuteChangeSet', stack(`${environment}-network`)),
      NoRoleOfTheAccountIsAssumed: despite('sts:AssumeRole', iam('role/Admin')),
      NoKeyIsWeakenedAndNoTraceHidden: despite('kms:PutKeyPolicy', arn('kms', 'key/abc')),
      NoVaultIsWeakened: despite('s3:PutBucketPolicy', `arn:aws:s3:::${vault}`),
    },
  };
}
