import { isEnd } from '@tenant-delivery/domain';
import { type Lock, type LockHolder, type LockPlace, releaseLock, takeLock } from '@tenant-delivery/evidence';
import type { Admission } from '@tenant-delivery/tenancy';
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
    const note = `${change.id} found the lease of this change's lock run out: its run ended without recording it`;
    await other.append(other.state === 'verified' ? 'closed' : 'abandoned', {
      decision: { result: 'inconclusive', reasons: ['LEASE_EXPIRED'], note },
    });
  });
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
