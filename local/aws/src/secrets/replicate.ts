import type {
  RemoveRegionsFromReplicationCommandInput,
  RemoveRegionsFromReplicationCommandOutput,
  ReplicateSecretToRegionsCommandInput,
  ReplicateSecretToRegionsCommandOutput,
} from '@aws-sdk/client-secrets-manager';
import type { Output } from '../services/output.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { changeableSecret } from './find.ts';
import { addReplica, replicationOf } from './replicas.ts';
import { secretsOf } from './state.ts';

/** Which other regions have a secret's values. */
export const replicaOperations: Readonly<Record<string, Handler>> = {
  ReplicateSecretToRegions: replicate,
  RemoveRegionsFromReplication: removeRegions,
};

/** Begins replicas of a secret in further regions. */
export function replicate(
  {
    SecretId = '',
    AddReplicaRegions = [],
    ForceOverwriteReplicaSecret,
  }: ReplicateSecretToRegionsCommandInput,
  call: Call,
): Output<ReplicateSecretToRegionsCommandOutput> {
  const secret = changeableSecret(call, SecretId);
  for (const { Region = '', KmsKeyId } of AddReplicaRegions) {
    const there = secretsOf(call.world, call.account, Region)[secret.name];
    if (Region === call.region || secret.replicas?.[Region])
      throw new AwsError('InvalidParameterException', `Invalid replica region: ${Region}.`);
    addReplica(
      call,
      secret,
      Region,
      KmsKeyId,
      there !== undefined && ForceOverwriteReplicaSecret !== true
        ? `Replication failed: Secret name simple/${secret.name} already exists in region ${Region}.`
        : undefined,
    );
  }
  call.world.touched();
  return { ARN: secret.arn, ReplicationStatus: replicationOf(call.world, secret) };
}

function removeRegions(
  { SecretId = '', RemoveReplicaRegions = [] }: RemoveRegionsFromReplicationCommandInput,
  call: Call,
): Output<RemoveRegionsFromReplicationCommandOutput> {
  const secret = changeableSecret(call, SecretId);
  const nowhere = RemoveReplicaRegions.find((region) => !secret.replicas?.[region]);
  if (nowhere !== undefined)
    throw new AwsError('InvalidParameterException', `The secret is not replicated to ${nowhere}.`);
  for (const region of RemoveReplicaRegions) {
    if (secret.replicas?.[region]?.failure === undefined)
      delete secretsOf(call.world, call.account, region)[secret.name];
    delete secret.replicas?.[region];
  }
  call.world.touched();
  return { ARN: secret.arn, ReplicationStatus: replicationOf(call.world, secret) };
}
