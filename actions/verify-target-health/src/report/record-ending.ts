import type { Bake } from '@tenant-delivery/delivery/bake-record';
import { type ChangeHandle, resumeChange } from '@tenant-delivery/delivery/change';
import { releaseDeployLock } from '@tenant-delivery/delivery/deploy-lock';
import type { Digest } from '@tenant-delivery/domain';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import { REASON_OF } from '../failures.ts';
import type { VerifyWorld } from '../verify-world.ts';
import type { Ending } from './ending.ts';

const RESULT = { healthy: 'allow', unhealthy: 'deny', inconclusive: 'inconclusive' } as const;

/** The change that was verified, and its bake, if one has begun. */
interface Verified {
  readonly admission: Admission;
  readonly change: ChangeHandle;
  readonly bake: Bake | undefined;
}

/**
 * Records how a verification ended, with the documents of it. A bake that goes on and a run that was cancelled record
 * nothing: neither verified nor failed would be true.
 */
export async function recordEnding(
  world: VerifyWorld,
  { admission, change, bake }: Verified,
  { how, verdict, why }: Ending,
  documents: Readonly<Record<'report' | 'health', Digest>>,
): Promise<void> {
  if (verdict === undefined) return;
  if (bake && how === 'superseded' && (await wasRecorded(world, admission, change))) return;
  try {
    await change.append(verdict === 'healthy' ? 'verified' : 'failed', {
      evidence: { ...documents, ...(bake && { bake: bake.digest }) },
      decision: { result: RESULT[verdict], reasons: [REASON_OF[how]], note: `${why}.`.slice(0, 2000) },
    });
  } catch (thrown) {
    // The next delivery was between its lock and its record of this bake when we looked.
    if (bake && how === 'superseded' && (await wasRecorded(world, admission, change))) return;
    throw thrown;
  }
  if (verdict !== 'healthy') await releaseDeployLock(world, admission, change);
}

/** The next change that deployed recorded the end of this bake before it changed the service. */
async function wasRecorded(world: VerifyWorld, admission: Admission, change: ChangeHandle): Promise<boolean> {
  const { state } = await resumeChange(world, admission, change.id);
  world.runner.info(`${change.id} is ${state} by now`);
  return state !== 'deploying';
}
