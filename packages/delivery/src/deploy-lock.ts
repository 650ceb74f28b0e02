import { isEnd } from '@tenant-delivery/domain';
import {
  type Lock,
  type LockPlace,
  releaseLock,
  releaseLockUnsettled,
  takeLock,
} from '@tenant-delivery/evidence/lock';
import type { LockHolder } from '@tenant-delivery/evidence/lock-record';
import { bakeOf } from './bake-record.ts';
import { type ChangeAdmission, type ChangeHandle, resumeChange } from './change.ts';
import { gapsIn } from './evidence-gaps.ts';
import type { DeliveryWorld } from './world.ts';

const LEASE = 15 * 60_000; // milliseconds: longer than any step between two renewals, shorter than anybody's patience

/** The right to deploy to a service, held by a change. */
export interface DeployLock extends Lock {
  /** Records the end of changes that bake or wait at a pause: to be called right before this one begins to deploy. */
  endOthers(): Promise<void>;
}

/**
 * Takes the right to deploy to the service, or throws LOCK_HELD. A change whose run died with the lock is
 * recorded first: `closed` if it was verified and its evidence is complete, `abandoned` otherwise. One that was handed on
 * goes on until `endOthers`, so a deploy that is refused a moment later has ended nothing. Needs the deploy key.
 */
export async function takeDeployLock(
  world: DeliveryWorld,
  admission: ChangeAdmission,
  change: ChangeHandle,
): Promise<DeployLock> {
  const lock = await takeLock(placeOf(world, admission), holderOf(world, change), async (id, since) => {
    const other = await resumeChange(world, admission, id);
    if (since === 'before' && other.state === 'deploying') return 'later';
    await settle(world, other, {
      reasons: ['LEASE_EXPIRED'],
      note: `${change.id} found the lease of this change's lock run out: its run ended without recording it`,
    });
    return 'recorded';
  });
  const endOthers = () =>
    lock.settleRest(async (id) => {
      const other = await resumeChange(world, admission, id);
      await settle(world, other, await whySuperseded(world, other, change));
    });
  return { ...lock, endOthers };
}

async function settle(
  world: DeliveryWorld,
  other: ChangeHandle,
  why: { readonly reasons: string[]; readonly note: string },
): Promise<void> {
  if (isEnd(other.state)) return;
  // never closed without its evidence: it stays verified, for a person to look at
  if (other.state === 'verified' && (await gapsIn(world.vault, other)).length > 0) return;
  await other.append(other.state === 'verified' ? 'closed' : 'abandoned', {
    decision: { result: 'inconclusive', ...why },
  });
}

/** Why a change ends that went on without the lock. */
async function whySuperseded(world: DeliveryWorld, other: ChangeHandle, next: ChangeHandle) {
  return other.state === 'deploying' && (await bakeOf(world, other.facts, other.id))
    ? {
        reasons: ['SUPERSEDED_WHILE_BAKING'],
        note: `${next.id} began to deploy before the bake of this change was concluded`,
      }
    : {
        reasons: ['SUPERSEDED_WHILE_OPEN'],
        note: `${next.id} began to deploy while this change had not ended: it waited at a pause, or its run ended without recording it`,
      };
}

/**
 * Gives the lock back while the change goes on: a bake only watches. Whoever takes the lock next records this change as
 * abandoned before the service changes, see docs/decisions/0011.
 */
export async function handBackForBake(
  world: DeliveryWorld,
  admission: ChangeAdmission,
  change: ChangeHandle,
): Promise<boolean> {
  return releaseLockUnsettled(placeOf(world, admission), holderOf(world, change));
}

/** Gives the lock back if this run holds it for this change; `false` when it holds none. */
export async function releaseDeployLock(
  world: DeliveryWorld,
  admission: ChangeAdmission,
  change: ChangeHandle,
): Promise<boolean> {
  return releaseLock(placeOf(world, admission), holderOf(world, change));
}

function placeOf({ vault, clock }: DeliveryWorld, { target }: ChangeAdmission): LockPlace {
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
