import type { Service, ServiceDeployment, ServiceDeploymentBrief } from '../observed.ts';
import type { ServiceRef } from '../service-ref.ts';
import type { FollowPorts } from './follow-ports.ts';
import { listableSince } from './service-deployment.ts';

/** A deployment of the service that has not ended. */
export interface InProgress {
  /** How ECS names it, for people. */
  readonly id: string;
  readonly taskDefinition: string;
}

/** Service deployments that still do something. */
const ACTIVE = /^(PENDING|IN_PROGRESS|STOP_REQUESTED|ROLLBACK_REQUESTED|ROLLBACK_IN_PROGRESS)$/;
const ENDED = /^(SUCCESSFUL|STOPPED|ROLLBACK_SUCCESSFUL|ROLLBACK_FAILED)$/;

/**
 * ECS gives a rollout state for rolling deployments only; of others the list of service deployments tells, in which the
 * newest is the one that may still go on. `listed` is that list, where it was just asked for.
 */
export async function inProgress(
  { services, clock }: Pick<FollowPorts, 'services' | 'clock'>,
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

/** A word that AWS may add is no end. */
export function hasEnded({ status }: Pick<ServiceDeployment, 'status'>): boolean {
  return ENDED.test(status);
}
