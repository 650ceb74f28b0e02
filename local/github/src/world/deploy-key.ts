import type { Repository } from './repository.ts';
import type { World } from './world.ts';

/** A key that opens one repository over SSH. */
export interface DeployKey {
  readonly id: number;
  /** `ssh-ed25519 AAAA…`, without a comment. */
  readonly key: string;
  readonly title: string;
  readonly readOnly: boolean;
  readonly createdAt: number;
  /** Login of the person who added it. */
  readonly addedBy: string;
  lastUsedAt: number | null;
  enabled: boolean;
}

export function deployKeysOf(world: World, repository: Repository): DeployKey[] {
  const keys = world.deployKeys.get(repository.id) ?? [];
  world.deployKeys.set(repository.id, keys);
  return keys;
}

/** A key is of one repository in all of GitHub, and of no user at the same time. */
export function isInUse(world: World, key: string): boolean {
  return [...world.deployKeys.values()].some((keys) => keys.some((known) => known.key === key));
}

/** Somebody has cloned with it. */
export function useDeployKey(world: World, repository: Repository, id: number): void {
  const key = deployKeysOf(world, repository).find((known) => known.id === id);
  if (!key) throw new Error(`${repository.fullName} has no deploy key ${id}.`);
  key.lastUsedAt = world.clock.now();
}
