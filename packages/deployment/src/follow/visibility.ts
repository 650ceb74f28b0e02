import { Failure } from '@tenant-delivery/action-kit/failure';
import type { Service, ServiceDeploymentBrief } from '../observed.ts';
import type { ServiceRef } from '../service-ref.ts';
import type { Followed } from './deployment-report.ts';
import type { FollowPorts } from './follow-ports.ts';
import { LIST_MARGIN, listableSince } from './service-deployment.ts';

/** Where a deployment can be seen with this role's rights. */
export interface Visibility {
  readonly visibleIn: Followed['seenIn'];
  /** Milliseconds of the server's clock from which on service deployments were listed. */
  readonly since: number;
  /** Service deployments there already, newest first; empty where they may not be listed. */
  readonly listed: readonly ServiceDeploymentBrief[];
}

/** What a role can't see that may only look at the service. */
export const DEGRADED =
  "This run follows the service's own list of deployments instead: it can't see traffic weights, lifecycle stages, pauses, alarms or the circuit breaker's count, and it can't stop the deployment.";

/**
 * Asks once, before anything is changed, what following will ask all the time, so that a missing right shows now and not
 * after the update (deploying-to-ecs §3.12). Without the right to see service deployments, the service's own list is
 * used, and the log says what it can't tell. Every other failure to observe is fatal here.
 */
export async function observeVisibility(
  { services, clock, runner }: Pick<FollowPorts, 'services' | 'clock' | 'runner'>,
  { names, target }: ServiceRef,
  { deployments }: Service,
): Promise<Visibility> {
  const primary = deployments.find((each) => each.primary);
  if (!primary) throw new TypeError('ECS described a service without a PRIMARY deployment');
  const since = listableSince(primary.createdAt - LIST_MARGIN, clock.now());
  const denied = (thrown: unknown): undefined => {
    if (!(thrown instanceof Failure) || thrown.code !== 'AWS_DENIED') throw thrown;
    runner.warning(`${thrown.message}. ${DEGRADED}`);
  };
  const listed = await services.deployments(names.cluster, target.service, since).catch(denied);
  const newest = listed?.[0];
  const seen =
    listed &&
    (newest === undefined ||
      (await Promise.all([services.deployment(newest.arn), services.revision(newest.targetRevision)]).catch(
        denied,
      )));
  return seen === undefined
    ? { visibleIn: 'rollout-entry', since, listed: [] }
    : { visibleIn: 'service-deployment', since, listed: listed ?? [] };
}
