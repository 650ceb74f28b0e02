import { isEnd } from '@tenant-delivery/domain';
import {
  type Lock,
  type LockHolder,
  type LockPlace,
  releaseLock,
  releaseLockUnsettled,
  takeLock,
} from '@tenant-delivery/evidence';
import type { Admission } from '@tenant-delivery/tenancy';
import { bakeOf } from './bake-record.ts';
import { type ChangeHandle, resumeChange } from './change.ts';
import { gapsIn } from './evidence-gaps.ts';
import type { DeliveryWorld } from './world.ts';

const LEASE = 15 * 60_000; // milliseconds: longer than any step between two renewals, shorter than anybody's patience

/**
 * Takes the right to deploy to the service, or throws LOCK_HELD. A change whose run died with the lock is
 * recorded first: `closed` if it was verified and its evidence is complete, `abandoned` otherwise. Needs the deploy key.
 */
export async function takeDeployLock(
  world: DeliveryWorld,
  admission: Admission,
  change: ChangeHandle,
): Promise<Lock> {
  return takeLock(placeOf(world, admission), holderOf(world, change), async (dead) => {
    const other = await resumeChange(world, admission, dead);
    if (isEnd(other.state)) return;
    // never closed without its evidence: it stays verified, for a person to look at
    if (other.state === 'verified' && (await gapsIn(world.vault, other)).length > 0) return;
    await other.append(other.state === 'verified' ? 'closed' : 'abandoned', {
      decision: { result: 'inconclusive', ...(await whyEnded(world, other, change)) },
    });
  });
}

/** Why a change ends that has not said so itself: it was baking, or its run died. */
async function whyEnded(world: DeliveryWorld, other: ChangeHandle, next: ChangeHandle) {
  return other.state === 'deploying' && (await bakeOf(world, other.facts, other.id))
    ? {
        reasons: ['SUPERSEDED_WHILE_BAKING'],
        note: `${next.id} began to deploy before the bake of this change was concluded`,
      }
    : {
        reasons: ['LEASE_EXPIRED'],
        note: `${next.id} found the lease of this change's lock run out: its run ended without recording it`,
      };
}

/**
 * Gives the lock back while the change goes on: a bake only watches. Whoever takes the lock next records this change as
 * abandoned before the service changes, see docs/decisions/0011.
 */
export async function handBackForBake(
  world: DeliveryWorld,
  admission: Admission,
  change: ChangeHandle,
): Promise<boolean> {
  return releaseLockUnsettled(placeOf(world, admission), holderOf(world, change));
}

/** Gives the lock back if this run holds it for this change; `false` when it holds none. */
export async function releaseDeployLock(
  world: DeliveryWorld,
  admission: Admission,
  change: ChangeHandle,
): Promise<boolean> {
  return releaseLock(placeOf(world, admission), holderOf(world, change));
}

function placeOf({ vault, clock }: DeliveryWorld, { target }: Admission): LockPlace {
  return { vault, clock, environment: target.environment, service: target.service, lease: LEASE };
}

function holderOf({ claims }: DeliveryWorld, change: ChangeHandle): LockHolder {
  return {
    change: change.id,
    repository: claims.repository,
    repositoryId: claims.repositoryId,
    runId: claims.runId,
    runAttempt: claims.runAttempt,
  };
}
