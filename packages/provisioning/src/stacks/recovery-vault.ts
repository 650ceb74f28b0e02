import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { vaultBucket, vaultCopyBucket } from '@tenant-delivery/tenancy/derived-names';
import type { RenderedVault } from '../environment.ts';
import { environmentOf } from '../values.ts';
import { lockedBucket } from './locked-bucket.ts';
import { kept, type Resources, ref, type Tags } from './template.ts';

const RULE = 'recovery'; // the id of the replication's rule, by which its metrics are found

/** Both buckets of an environment's record, and the role that copies from one to the other. */
function bucketsOf(contract: TenantContract, name: string) {
  const { account, partition, id: tenant } = contract;
  const { region } = environmentOf(contract, name);
  const place = { tenant, environment: name, account, region };
  const [vault, copy] = [vaultBucket(place), vaultCopyBucket(place)];
  return {
    vault,
    copy,
    arn: (bucket: string) => `arn:${partition}:s3:::${bucket}`,
    role: `arn:${partition}:iam::${account}:role/td/${name}/td-${tenant}-${name}-replication`,
  };
}

/** How a vault is copied: everything, and nothing that deletes. It begins with what is written after it is set. */
export function vaultReplication(contract: TenantContract, name: string): Readonly<Record<string, unknown>> {
  if (environmentOf(contract, name).recovery === undefined) return {};
  const { copy, arn, role } = bucketsOf(contract, name);
  return {
    ReplicationConfiguration: {
      Role: role,
      Rules: [
        {
          Id: RULE,
          Status: 'Enabled',
          Priority: 1,
          Filter: { Prefix: '' },
          DeleteMarkerReplication: { Status: 'Disabled' },
          Destination: {
            Bucket: arn(copy),
            Metrics: { Status: 'Enabled', EventThreshold: { Minutes: 15 } },
            ReplicationTime: { Status: 'Enabled', Time: { Minutes: 15 } },
          },
        },
      ],
    },
  };
}

/** The copy, which nobody but the replication writes, its role, and an alarm for a copy that falls behind. */
export function vaultCopy(
  contract: TenantContract,
  name: string,
  vault: RenderedVault,
  tags: Tags,
): Resources {
  const buckets = bucketsOf(contract, name);
  return {
    VaultCopy: lockedBucket(buckets.copy, vault, tags),
    VaultCopyPolicy: kept({
      Type: 'AWS::S3::BucketPolicy',
      Properties: { Bucket: ref('VaultCopy'), PolicyDocument: copyPolicy(buckets) },
    }),
    ReplicationRole: replicationRole(contract, name, buckets),
    // Metrics of a replication are in the region to which it leads ("Using S3 Replication metrics").
    AlarmVaultCopy: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        AlarmName: `${contract.id}-${name}-vault-copy-behind`,
        AlarmDescription: `The copy of the record of ${contract.id} ${name} is more than 15 minutes behind`,
        Namespace: 'AWS/S3',
        MetricName: 'ReplicationLatency',
        Dimensions: [
          { Name: 'SourceBucket', Value: buckets.vault },
          { Name: 'DestinationBucket', Value: buckets.copy },
          { Name: 'RuleId', Value: RULE },
        ],
        Statistic: 'Maximum',
        Period: 300,
        EvaluationPeriods: 3,
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 900,
        TreatMissingData: 'notBreaching',
        AlarmActions: [ref('Topic')],
      },
    },
  };
}

type Buckets = ReturnType<typeof bucketsOf>;

function copyPolicy({ copy, arn, role }: Buckets) {
  const [bucket, objects] = [arn(copy), `${arn(copy)}/*`];
  const deny = { Effect: 'Deny', Principal: '*' };
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'OnlyOverTls',
        ...deny,
        Action: 's3:*',
        Resource: [bucket, objects],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
      { Sid: 'NobodyWrites', ...deny, Action: 's3:PutObject', Resource: objects },
      {
        Sid: 'OnlyTheReplicationCopies',
        ...deny,
        Action: ['s3:ReplicateDelete', 's3:ReplicateObject', 's3:ReplicateTags'],
        Resource: objects,
        Condition: { ArnNotEquals: { 'aws:PrincipalArn': role } },
      },
      {
        Sid: 'NothingIsDeleted',
        ...deny,
        Action: [
          's3:BypassGovernanceRetention',
          's3:DeleteObject',
          's3:DeleteObjectVersion',
          's3:PutLifecycleConfiguration',
        ],
        Resource: [bucket, objects],
      },
    ],
  };
}

/** "Setting up permissions for live replication", with what a bucket with Object Lock needs beside it. */
function replicationRole({ account }: TenantContract, name: string, { vault, copy, arn, role }: Buckets) {
  const allow = (Action: readonly string[], Resource: string) => ({ Effect: 'Allow', Action, Resource });
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: role.slice(role.lastIndexOf('/') + 1),
      Path: `/td/${name}/`,
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 's3.amazonaws.com' },
            Action: 'sts:AssumeRole',
            Condition: { StringEquals: { 'aws:SourceAccount': account } },
          },
        ],
      },
      Policies: [
        {
          PolicyName: 'replication',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              allow(['s3:GetReplicationConfiguration', 's3:ListBucket'], arn(vault)),
              allow(
                [
                  's3:GetObjectLegalHold',
                  's3:GetObjectRetention',
                  's3:GetObjectVersionAcl',
                  's3:GetObjectVersionForReplication',
                  's3:GetObjectVersionTagging',
                ],
                `${arn(vault)}/*`,
              ),
              allow(['s3:ReplicateObject', 's3:ReplicateTags'], `${arn(copy)}/*`),
            ],
          },
        },
      ],
    },
  };
}
