import { forgetKey } from '../world/keys.ts';
import { witnessOf } from '../world/witness.ts';
import type { World } from '../world/world.ts';
import { type KeyStatus, keyDelays, type User, type UserKey, usersOf } from './users.ts';

const NOTED_EVERY = 15 * 60_000; // milliseconds ("GetAccessKeyLastUsed", IAM API reference)

/** What one part of IAM holds a key to be, so many milliseconds behind the truth. */
export function statusAt(key: UserKey, time: number): KeyStatus | 'absent' {
  if (time < key.created || (key.deleted !== undefined && time >= key.deleted)) return 'absent';
  return key.statuses.findLast(({ at }) => at <= time)?.status ?? 'Active';
}

/** Keys that are there: the two that a user may have are counted among these, whatever a list says. */
export function presentKeys(user: User): readonly UserKey[] {
  return user.keys.filter(({ deleted }) => deleted === undefined);
}

/**
 * Whether a request that is signed with this key is served now. A key of no user is always good; a user's key is bad
 * until it has come to all parts of IAM, while it is inactive, and once it is gone.
 */
export function servesRequests(world: World, account: string, accessKeyId: string): boolean {
  const found = keyOf(world, account, accessKeyId);
  if (!found) return true;
  const [{ key }, { usable, changed }] = [found, keyDelays(world)];
  const now = world.clock.now();
  if (now < key.created + usable) {
    witnessOf(world).stale('iam', 'CreateAccessKey');
    return false;
  }
  const before = now - changed;
  // A key that is usable already was Active when it came, however late changes are told.
  const status = statusAt(key, Math.max(before, key.created));
  if (status === 'absent') forgetKey(world, accessKeyId);
  return status === 'Active';
}

/** Writes down that a key signed a request, by the rule of fifteen minutes. */
export function noteUse(
  world: World,
  account: string,
  accessKeyId: string,
  use: { readonly service: string; readonly region: string },
): void {
  const key = keyOf(world, account, accessKeyId)?.key;
  const now = world.clock.now();
  const last = key?.uses.at(-1);
  if (!key || (last !== undefined && now < last.at + NOTED_EVERY)) return;
  key.uses.push({ at: now, ...use });
  world.touched();
}

/** A user's key and its user, also when it was deleted. */
export function keyOf(
  world: World,
  account: string,
  accessKeyId: string,
): { readonly user: User; readonly key: UserKey } | undefined {
  for (const user of Object.values(usersOf(world, account))) {
    const key = user.keys.find((known) => known.accessKeyId === accessKeyId);
    if (key) return { user, key };
  }
  return undefined;
}
