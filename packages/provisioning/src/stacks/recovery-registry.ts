import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { environmentOf } from '../values.ts';
import { scanning } from './account.ts';
import { tagsOf } from './networked-environment.ts';
import { att, type Resources, tagList } from './template.ts';

/**
 * Settings of the registry to which images are copied: a copy brings none of them along. A registry has them once, so of all
 * environments that recover in one region the first sets them; scanning is set by the account's own stack where there is one.
 */
export function recoveryRegistry(contract: TenantContract, name: string, region: string): Resources {
  const all = Object.entries(contract.environments);
  const [first] = all
    .filter(([, { recovery }]) => recovery?.region === region)
    .map(([one]) => one)
    .sort();
  if (first !== name) return {};
  const account = all.some(([, environment]) => environment.region === region);
  return {
    ...(account ? {} : { RegistryScanning: scanning() }),
    RegistryRole: registryRole(contract, name),
    RegistryCopies: {
      Type: 'AWS::ECR::RepositoryCreationTemplate',
      Properties: {
        Prefix: contract.id,
        Description: `Repositories of ${contract.id} that hold copies`,
        AppliedFor: ['REPLICATION'],
        ImageTagMutability: 'IMMUTABLE',
        // A key is of one region: here it is the one that ECR has of its own.
        EncryptionConfiguration: {
          EncryptionType: environmentOf(contract, name).registry?.encryption?.type ?? 'AES256',
        },
        CustomRoleArn: att('RegistryRole', 'Arn'),
        ResourceTags: tagList(tagsOf(contract, recovering(contract, name))),
      },
    },
  };
}

/** The environment that takes over, which is the one that uses the copies; without one, the environment itself. */
function recovering({ environments }: TenantContract, name: string): string {
  return Object.entries(environments).find(([, { dr }]) => dr?.recovers === name)?.[0] ?? name;
}

/** "Create an IAM role for repository creation templates" (Amazon ECR user guide). */
function registryRole({ id, account, partition }: TenantContract, name: string) {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: `td-${id}-${name}-registry`,
      Path: `/td/${name}/`,
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'ecr.amazonaws.com' },
            Action: 'sts:AssumeRole',
            Condition: { StringEquals: { 'aws:SourceAccount': account } },
          },
        ],
      },
      Policies: [
        {
          PolicyName: 'copies',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Action: ['ecr:CreateRepository', 'ecr:ReplicateImage', 'ecr:TagResource'],
                Resource: `arn:${partition}:ecr:*:${account}:repository/${id}/*`,
              },
              {
                Effect: 'Allow',
                Action: ['kms:CreateGrant', 'kms:DescribeKey', 'kms:RetireGrant'],
                Resource: `arn:${partition}:kms:*:${account}:key/*`,
                Condition: { StringLike: { 'kms:ViaService': 'ecr.*' } },
              },
            ],
          },
        },
      ],
    },
  };
}
