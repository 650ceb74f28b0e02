import {
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { ACCOUNT, type Double, until } from '../../stage/a-double.ts';

export const READS = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
};

export const TRUST = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
};

export const KEY_POLICY = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
  ],
};

export const BUCKET = `td-suites-${ACCOUNT}`;

const resources = {
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.30.0.0/16' } },
  Subnet: {
    Type: 'AWS::EC2::Subnet',
    Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.30.1.0/24', AvailabilityZone: 'eu-west-1a' },
  },
  OtherSubnet: {
    Type: 'AWS::EC2::Subnet',
    Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.30.2.0/24', AvailabilityZone: 'eu-west-1b' },
  },
  Balancer: {
    Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
    Properties: {
      Name: 'ground-internal',
      Scheme: 'internal',
      Type: 'application',
      Subnets: [{ Ref: 'Subnet' }, { Ref: 'OtherSubnet' }],
    },
  },
  Group: {
    Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
    Properties: {
      Name: 'ground-orders',
      Port: 8080,
      Protocol: 'HTTP',
      TargetType: 'ip',
      VpcId: { Ref: 'Vpc' },
    },
  },
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'ground-task',
      Path: '/td/prod/tasks/',
      AssumeRolePolicyDocument: TRUST,
      MaxSessionDuration: 7200,
      Policies: [{ PolicyName: 'reads', PolicyDocument: READS }],
    },
  },
  GrantRole: {
    Type: 'AWS::IAM::Role',
    Properties: { RoleName: 'ground-grant', AssumeRolePolicyDocument: TRUST },
  },
  Key: {
    Type: 'AWS::KMS::Key',
    Properties: { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY', KeyPolicy: KEY_POLICY },
  },
  Alias: {
    Type: 'AWS::KMS::Alias',
    Properties: { AliasName: 'alias/ground', TargetKeyId: { Ref: 'Key' } },
  },
  Bucket: {
    Type: 'AWS::S3::Bucket',
    Properties: { BucketName: BUCKET, VersioningConfiguration: { Status: 'Enabled' } },
  },
  Cluster: { Type: 'AWS::ECS::Cluster', Properties: { ClusterName: 'ground' } },
  Repository: {
    Type: 'AWS::ECR::Repository',
    Properties: {
      RepositoryName: 'ground/orders',
      ImageTagMutability: 'IMMUTABLE',
      Tags: [{ Key: 'team', Value: 'orders' }],
    },
  },
  Log: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/ground/orders', RetentionInDays: 30 } },
  Alarm: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: 'ground-5xx',
      Namespace: 'AWS/ApplicationELB',
      MetricName: 'HTTPCode_Target_5XX_Count',
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 1,
      Period: 60,
      Statistic: 'Sum',
      Threshold: 1,
    },
  },
};

type Name = 'Vpc' | 'Subnet' | 'OtherSubnet' | 'Balancer' | 'Group' | 'Key';

export const TEMPLATE = {
  AWSTemplateFormatVersion: '2010-09-09',
  Resources: resources,
  Outputs: Object.fromEntries(
    (['Vpc', 'Subnet', 'OtherSubnet', 'Balancer', 'Group', 'Key'] satisfies Name[]).map((name) => [
      name,
      { Value: { Ref: name } },
    ]),
  ),
};

type Ground = Readonly<Record<Name, string>>;

const grounds = new WeakMap<Double, Promise<Ground>>();

/** What the suites look at, made once by a stack, since every double makes stacks. Gives the ids that AWS chose. */
export function groundOf(double: Double): Promise<Ground> {
  const ground = grounds.get(double) ?? laid(double);
  grounds.set(double, ground);
  return ground;
}

async function laid(double: Double): Promise<Ground> {
  const { stacks } = double;
  const StackName = 'ground';
  await stacks.send(
    new CreateStackCommand({
      StackName,
      TemplateBody: JSON.stringify(TEMPLATE),
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    }),
  );
  const stack = await until(double, async () => {
    const { Stacks } = await stacks.send(new DescribeStacksCommand({ StackName }));
    return Stacks?.[0]?.StackStatus === 'CREATE_IN_PROGRESS' ? undefined : Stacks?.[0];
  });
  if (stack.StackStatus !== 'CREATE_COMPLETE') {
    const { StackEvents } = await stacks.send(new DescribeStackEventsCommand({ StackName }));
    throw new Error(StackEvents?.map(({ ResourceStatusReason }) => ResourceStatusReason).join('\n'));
  }
  const outputs = stack.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]) ?? [];
  return Object.fromEntries(outputs) as Ground; // the template's outputs are these
}
