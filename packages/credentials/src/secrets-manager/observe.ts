import { CURRENT, PENDING } from '@tenant-delivery/rotation/escrow';
import type { EcsConsumers, RotationCaller, SecretStore } from './ports.ts';
import { type Progress, roundOf } from './progress.ts';
import { labelled, type Snapshot, type UsableSecret } from './snapshot.ts';

/** Everything outside that one secret of tasks has to do with. */
export interface SecretsManagerWorld {
  readonly caller: RotationCaller;
  readonly secret: SecretStore;
  readonly consumers: EcsConsumers;
}

/** Looks at everything. One answer that cannot be had fails the whole: a snapshot has no gaps. */
export async function observeSecretsManager(
  world: SecretsManagerWorld,
  progress: Progress | undefined,
): Promise<Snapshot> {
  const [caller, secret] = await Promise.all([world.caller.identity(), world.secret.describe()]);
  const version = secret.kind === 'usable' ? versionToBring(secret, progress) : undefined;
  const [{ services, tasks }, failure] = await Promise.all([
    world.consumers.observe(version),
    failureOf(world.secret, progress),
  ]);
  return { caller, secret, services, tasks, failure };
}

/** The version whose revisions the next steps are about. */
function versionToBring(secret: UsableSecret, progress: Progress | undefined): string | undefined {
  const current = labelled(secret, CURRENT)?.id;
  if (!progress || progress.closed) return current;
  const round = roundOf(progress);
  if (round.kind === 'provided') return round.version ?? labelled(secret, PENDING)?.id;
  return round.promotedAt === undefined ? current : round.version;
}

async function failureOf(store: SecretStore, progress: Progress | undefined): Promise<string | undefined> {
  if (!progress || progress.closed) return undefined;
  const round = roundOf(progress);
  const asked = round.rotates.at(-1);
  return asked && round.promotedAt === undefined ? store.failure(asked.version) : undefined;
}
