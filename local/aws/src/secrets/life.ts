import type {
  DeleteSecretCommandInput,
  DeleteSecretCommandOutput,
  DescribeSecretCommandInput,
  DescribeSecretCommandOutput,
  RestoreSecretCommandInput,
  RestoreSecretCommandOutput,
  TagResourceCommandInput,
  UntagResourceCommandInput,
} from '@aws-sdk/client-secrets-manager';
import type { Output } from '../services/output.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { changeableSecret, knownSecret, ofReplica, secretOf } from './find.ts';
import { replicationOf } from './replicas.ts';
import { type Secret, secretsOf } from './state.ts';
import { dayOf } from './versions.ts';

const DAY = 86_400_000; // milliseconds
const TAGS = 50; // "AWS Secrets Manager quotas"

/** What is known of a secret beside its values, and its end. */
export const lifeOperations: Readonly<Record<string, Handler>> = {
  DescribeSecret: describeSecret,
  DeleteSecret: deleteSecretOf,
  RestoreSecret: ({ SecretId = '' }: RestoreSecretCommandInput, call): Output<RestoreSecretCommandOutput> => {
    const secret = secretOf(call, SecretId);
    secret.deletedAt = undefined;
    secret.goneAt = undefined;
    call.world.touched();
    return { ARN: secret.arn, Name: secret.name };
  },
  TagResource: ({ SecretId = '', Tags = [] }: TagResourceCommandInput, call) => {
    const secret = changeableSecret(call, SecretId);
    const tags = {
      ...secret.tags,
      ...Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value])),
    };
    if (Object.keys(tags).length > TAGS)
      throw new AwsError('LimitExceededException', `A secret can have ${TAGS} tags at most.`);
    secret.tags = tags;
    call.world.touched();
    return {};
  },
  UntagResource: ({ SecretId = '', TagKeys = [] }: UntagResourceCommandInput, call) => {
    const secret = changeableSecret(call, SecretId);
    secret.tags = Object.fromEntries(Object.entries(secret.tags).filter(([key]) => !TagKeys.includes(key)));
    call.world.touched();
    return {};
  },
};

/** A version without a label is not told of: it is deprecated, and may be gone tomorrow. */
function describeSecret(
  { SecretId = '' }: DescribeSecretCommandInput,
  call: Call,
): Output<DescribeSecretCommandOutput> {
  const secret = secretOf(call, SecretId);
  const versions = Object.entries(secret.versions).filter(([, { stages }]) => stages.length > 0);
  const replication = replicationOf(call.world, secret);
  return {
    ARN: secret.arn,
    Name: secret.name,
    ...(secret.description === '' ? {} : { Description: secret.description }),
    ...(secret.kmsKeyId === undefined ? {} : { KmsKeyId: secret.kmsKeyId }),
    ...rotationOf(secret),
    LastChangedDate: new Date(secret.changedAt),
    ...(secret.accessedAt === undefined ? {} : { LastAccessedDate: dayOf(secret.accessedAt) }),
    ...(secret.deletedAt === undefined ? {} : { DeletedDate: new Date(secret.deletedAt) }),
    Tags: Object.entries(secret.tags).map(([Key, Value]) => ({ Key, Value })),
    ...(versions.length === 0
      ? {}
      : { VersionIdsToStages: Object.fromEntries(versions.map(([id, { stages }]) => [id, [...stages]])) }),
    ...(secret.owningService === undefined ? {} : { OwningService: secret.owningService }),
    CreatedDate: new Date(secret.createdAt),
    ...(replication.length === 0 && secret.replicaOf === undefined
      ? {}
      : { PrimaryRegion: secret.replicaOf ?? call.region, ReplicationStatus: replication }),
  };
}

function rotationOf({ rotation }: Secret): Partial<DescribeSecretCommandOutput> {
  if (!rotation) return {};
  const { enabled, functionArn, rules, last } = rotation;
  const days = rules.AutomaticallyAfterDays;
  return {
    RotationEnabled: enabled,
    ...(functionArn === undefined ? {} : { RotationLambdaARN: functionArn }),
    RotationRules: { ...rules },
    ...(last === undefined ? {} : { LastRotatedDate: new Date(last) }),
    ...(last === undefined || days === undefined || !enabled
      ? {}
      : { NextRotationDate: new Date(last + days * DAY) }),
  };
}

/** It can be restored until its window is over, unless the call that deletes it wants none. */
/** By force, what is not there is deleted too: so a retry is no error ("DeleteSecret"). */
function goneBefore(id: string, { account, region, world }: Call): Output<DeleteSecretCommandOutput> {
  const arn = id.startsWith('arn:') ? id : `arn:aws:secretsmanager:${region}:${account}:secret:${id}`;
  return { ARN: arn, Name: arn.split(':').slice(6).join(':'), DeletionDate: world.clock.date() };
}

function deleteSecretOf(input: DeleteSecretCommandInput, call: Call): Output<DeleteSecretCommandOutput> {
  const { SecretId = '', RecoveryWindowInDays, ForceDeleteWithoutRecovery = false } = input;
  if (ForceDeleteWithoutRecovery && !knownSecret(call, SecretId)) return goneBefore(SecretId, call);
  const secret = secretOf(call, SecretId);
  const days = RecoveryWindowInDays ?? 30;
  if (secret.replicaOf !== undefined) throw ofReplica();
  if (Object.keys(secret.replicas ?? {}).length > 0)
    throw new AwsError(
      'InvalidRequestException',
      "You can't delete a secret that still has replica regions: remove them from replication first.",
    );
  if (secret.deletedAt !== undefined && !ForceDeleteWithoutRecovery)
    throw new AwsError(
      'InvalidRequestException',
      "You can't perform this operation on the secret because it was already scheduled for deletion.",
    );
  const now = call.world.clock.now();
  secret.deletedAt = now;
  secret.goneAt = ForceDeleteWithoutRecovery ? now : now + days * DAY;
  if (ForceDeleteWithoutRecovery) delete secretsOf(call.world, call.account, call.region)[secret.name];
  call.world.touched();
  return { ARN: secret.arn, Name: secret.name, DeletionDate: new Date(secret.goneAt) };
}
