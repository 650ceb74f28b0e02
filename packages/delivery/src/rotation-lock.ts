import { Failure } from '@tenant-delivery/action-kit/failure';
import { lookAtLock, takeLock } from '@tenant-delivery/evidence/lock';
import { isRotation, type LockHolder } from '@tenant-delivery/evidence/lock-record';
import type { AdmissionWorld } from './world.ts';

const LEASE = 5 * 60_000; // milliseconds: it is held for one request

/** The lock of a service that a rotation deploys to, in the vault of the environment. */
export function rotationLock(
  { vault, clock, claims }: Pick<AdmissionWorld, 'vault' | 'clock' | 'claims'>,
  environment: string,
  credential: string,
) {
  const holder: LockHolder = {
    change: `rot_${credential}`,
    repository: claims.repository,
    repositoryId: claims.repositoryId,
    runId: claims.runId,
    runAttempt: claims.runAttempt,
  };
  return {
    /** Why the service should be left alone now: a delivery has it, or has not ended there. */
    busy: async (service: string): Promise<{ readonly until: number; readonly why: string } | undefined> => {
      const found = await lookAtLock({ vault, environment, service });
      const has = found?.holder;
      const until = Date.parse(found?.until ?? '');
      if (has && has.change !== holder.change && clock.now() < until)
        return { until, why: `${has.change} of ${has.repository} is being deployed` };
      // if a run died, nobody knows yet how its change ended
      const died = has && !isRotation(has) ? [has.change] : [];
      const [open] = [...(found?.unsettled ?? []), ...died];
      return open === undefined
        ? undefined
        : { until: 0, why: `${open} bakes there, waits at a pause, or lost its run: let it end first` };
    },
    /** Changes that have not ended stay somebody else's to end. */
    hold: async (service: string) => {
      try {
        return await takeLock(
          { vault, clock, environment, service, lease: LEASE },
          holder,
          async () => 'later',
        );
      } catch (cause) {
        if (cause instanceof Failure && cause.code === 'LOCK_HELD') return { refused: cause.message };
        throw cause;
      }
    },
  };
}
