import type {
  DescribeSecretCommandInput,
  DescribeSecretCommandOutput,
} from '@aws-sdk/client-secrets-manager';
import { findSecret, secretsOf } from '../secrets/state.ts';
import { AwsError, type Call, type Service } from '../world/service.ts';
import type { Output } from './output.ts';

export { deleteSecret, type SecretSeed, secretsOf, seedSecret } from '../secrets/state.ts';

/** Secrets Manager as far as one may know that a secret exists. A value is given to tasks alone. */
export const secretsmanager: Service = {
  name: 'secretsmanager',
  sdk: '@aws-sdk/client-secrets-manager',
  operations: { DescribeSecret: describeSecret },
};

function describeSecret(
  { SecretId = '' }: DescribeSecretCommandInput,
  { world, account, region }: Call,
): Output<DescribeSecretCommandOutput> {
  const secret = findSecret(secretsOf(world, account, region), SecretId);
  if (!secret)
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  const versions = Object.entries(secret.versions);
  return {
    ARN: secret.arn,
    Name: secret.name,
    ...(secret.description === '' ? {} : { Description: secret.description }),
    ...(secret.kmsKeyId === undefined ? {} : { KmsKeyId: secret.kmsKeyId }),
    LastChangedDate: new Date(secret.changedAt),
    ...(secret.deletedAt === undefined ? {} : { DeletedDate: new Date(secret.deletedAt) }),
    Tags: Object.entries(secret.tags).map(([Key, Value]) => ({ Key, Value })),
    ...(versions.length === 0
      ? {}
      : { VersionIdsToStages: Object.fromEntries(versions.map(([id, { stages }]) => [id, [...stages]])) }),
    CreatedDate: new Date(secret.createdAt),
  };
}
