import type { FollowPorts } from '@tenant-delivery/deployment/follow/follow-ports';
import { inProgress } from '@tenant-delivery/deployment/follow/in-progress';
import type { Service } from '@tenant-delivery/deployment/observed';
import type { HeldLock } from '@tenant-delivery/deployment/ports';
import type { ServiceRef } from '@tenant-delivery/deployment/service-ref';
import { failures } from '../failures.ts';

/** What to do about a deployment that is in progress. */
export type Policy = 'fail' | 'wait' | 'replace' | 'attach';

const LOOK_EVERY = 5_000; // milliseconds
const RENEW_EVERY = 60_000;

/** Looks until nothing is in progress any more, the time is over, or the run is cancelled. Answers the service then. */
export async function waitForOthers(
  ports: Pick<FollowPorts, 'services' | 'clock' | 'runner'>,
  ref: ServiceRef,
  lock: HeldLock,
  deadline: number,
): Promise<Service | undefined> {
  const { services, clock, runner } = ports;
  let renewAt = clock.now() + RENEW_EVERY;
  let said = '';
  for (;;) {
    const service = await services.service(ref.names.cluster, ref.target.service);
    const other = service && (await inProgress(ports, ref, service));
    if (!other || runner.cancelled.aborted) return service;
    if (clock.now() >= deadline) throw failures.deploymentInProgress(ref.target.service, other.id);
    if (other.id !== said) runner.info(`Waiting for ${other.id}, which brings ${other.taskDefinition}`);
    said = other.id;
    if (clock.now() >= renewAt) {
      await lock.assertHeld();
      renewAt = clock.now() + RENEW_EVERY;
    }
    await clock.sleep(LOOK_EVERY, runner.cancelled);
  }
}
