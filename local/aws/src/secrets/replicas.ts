import type { ReplicationStatusType } from '@aws-sdk/client-secrets-manager';
import type { World } from '../world/world.ts';
import { type Secret, secretsOf } from './state.ts';

const TAKES = 5_000; // virtual milliseconds until a change is in another region too

/** Begins a replica. With a failure it never gets a value. */
export function addReplica(
  { world, account, region }: { readonly world: World; readonly account: string; readonly region: string },
  secret: Secret,
  to: string,
  kmsKeyId: string | undefined,
  failure: string | undefined,
): void {
  const replicas = secret.replicas ?? {};
  Object.assign(secret, { replicas });
  replicas[to] = { kmsKeyId, syncedAt: world.clock.now() + TAKES, failure };
  if (failure !== undefined) return;
  secretsOf(world, account, to)[secret.name] = {
    ...secret,
    arn: secret.arn.replace(`:${region}:`, `:${to}:`),
    kmsKeyId,
    replicas: {},
    versions: {},
    replicaOf: region,
  };
}

/** From now on one region gets no further values of a secret, for this reason; `undefined` lets them through again. */
export function failReplication(
  world: World,
  of: { readonly account: string; readonly region: string; readonly name: string },
  to: string,
  why: string | undefined,
): void {
  const replica = secretsOf(world, of.account, of.region)[of.name]?.replicas?.[to];
  if (!replica) throw new Error(`${of.name} has no replica in ${to}`);
  replica.failure = why;
  replica.syncedAt = world.clock.now() + TAKES;
  world.touched();
}

/** A secret has changed: its replicas are behind for a while. */
export function replicasBehind(world: World, secret: Secret): void {
  for (const replica of Object.values(secret.replicas ?? {})) replica.syncedAt = world.clock.now() + TAKES;
}

/** Brings to a replica what has arrived there by now; either region may ask for it. */
export function settleReplicas(world: World, account: string, region: string, secret: Secret): void {
  const primaryRegion = secret.replicaOf ?? region;
  const primary = secretsOf(world, account, primaryRegion)[secret.name];
  for (const [to, { syncedAt, failure }] of Object.entries(primary?.replicas ?? {})) {
    const replica = secretsOf(world, account, to)[secret.name];
    if (!primary || !replica || failure !== undefined || syncedAt > world.clock.now()) continue;
    replica.versions = structuredClone(primary.versions);
    replica.changedAt = primary.changedAt;
    replica.tags = primary.tags;
  }
}

export function replicationOf(world: World, secret: Secret): ReplicationStatusType[] {
  return Object.entries(secret.replicas ?? {}).map(([Region, { kmsKeyId, syncedAt, failure }]) => ({
    Region,
    KmsKeyId: kmsKeyId ?? 'alias/aws/secretsmanager',
    ...(failure !== undefined
      ? { Status: 'Failed' as const, StatusMessage: failure }
      : syncedAt > world.clock.now()
        ? { Status: 'InProgress' as const }
        : { Status: 'InSync' as const }),
  }));
}
