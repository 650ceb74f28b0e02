import { listableSince, type Service, type ServiceDeploymentBrief } from '@tenant-delivery/deployment';
import type { EcsWorld } from '../deploy-world.ts';
import { failures } from '../failures.ts';
import type { HeldLock, ServiceRef } from './service-ref.ts';

/** What to do about a deployment that is in progress. */
export type Policy = 'fail' | 'wait' | 'replace' | 'attach';

/** A deployment of the service that has not ended. */
export interface InProgress {
  /** How ECS names it, for people. */
  readonly id: string;
  readonly taskDefinition: string;
}

const LOOK_EVERY = 5_000; // milliseconds
const RENEW_EVERY = 60_000;
/** Service deployments that still do something. */
const ACTIVE = /^(PENDING|IN_PROGRESS|STOP_REQUESTED|ROLLBACK_REQUESTED|ROLLBACK_IN_PROGRESS)$/;

/**
 * ECS gives a rollout state for rolling deployments only; of others the list of service deployments tells, in which the
 * newest is the one that may still go on. `listed` is that list, where it was just asked for.
 */
export async function inProgress(
  { services, clock }: Pick<EcsWorld, 'services' | 'clock'>,
  { names, target }: ServiceRef,
  service: Service,
  listed?: readonly ServiceDeploymentBrief[],
): Promise<InProgress | undefined> {
  const primary = service.deployments.find((each) => each.primary);
  if (primary?.rolloutState === 'IN_PROGRESS') return primary;
  if (!primary || primary.rolloutState !== undefined) return undefined;
  const since = listableSince(0, clock.now());
  const [newest] = listed ?? (await services.deployments(names.cluster, target.service, since));
  return isActive(newest) ? { id: newest.arn, taskDefinition: primary.taskDefinition } : undefined;
}

export function isActive(listed: ServiceDeploymentBrief | undefined): listed is ServiceDeploymentBrief {
  return listed !== undefined && ACTIVE.test(listed.status);
}

/** Looks until nothing is in progress any more, the time is over, or the run is cancelled. Answers the service then. */
export async function waitForOthers(
  world: Pick<EcsWorld, 'services' | 'clock' | 'runner'>,
  place: ServiceRef,
  hold: HeldLock,
  deadline: number,
): Promise<Service | undefined> {
  const { services, clock, runner } = world;
  let renewAt = clock.now() + RENEW_EVERY;
  let said = '';
  for (;;) {
    const service = await services.service(place.names.cluster, place.target.service);
    const other = service && (await inProgress(world, place, service));
    if (!other || runner.cancelled.aborted) return service;
    if (clock.now() >= deadline) throw failures.deploymentInProgress(place.target.service, other.id);
    if (other.id !== said) runner.info(`Waiting for ${other.id}, which brings ${other.taskDefinition}`);
    said = other.id;
    if (clock.now() >= renewAt) {
      await hold.assertHeld();
      renewAt = clock.now() + RENEW_EVERY;
    }
    await clock.sleep(LOOK_EVERY, runner.cancelled);
  }
}
