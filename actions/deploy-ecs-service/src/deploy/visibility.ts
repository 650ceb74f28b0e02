import { Failure } from '@tenant-delivery/action-kit';
import {
  type Followed,
  LIST_MARGIN,
  listableSince,
  type RolloutEntry,
  type Service,
  type ServiceDeploymentBrief,
} from '@tenant-delivery/deployment';
import type { EcsWorld } from '../deploy-world.ts';
import { DEGRADED, type DeploymentStart } from './observe.ts';
import type { ServiceRef } from './service-ref.ts';

/** Where a deployment will be seen with this role's rights. */
export interface Visibility {
  readonly seenIn: Followed['seenIn'];
  /** Milliseconds of the server's clock from which on service deployments were listed. */
  readonly since: number;
  /** Service deployments there already, newest first; empty where they may not be listed. */
  readonly listed: readonly ServiceDeploymentBrief[];
}

/**
 * Asks once, before anything is changed, what following will ask all the time: a right that is missing shows here and
 * not after the update (deploying-to-ecs §3.12). Without the right to see service deployments the service's own list
 * stands in, and the log says what it can't tell; every other failure to observe is fatal here.
 */
export async function observeVisibility(
  { services, clock, runner }: Pick<EcsWorld, 'services' | 'clock' | 'runner'>,
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
    ? { seenIn: 'rollout-entry', since, listed: [] }
    : { seenIn: 'service-deployment', since, listed: listed ?? [] };
}

/** A deployment of which only the service's own entry can be seen. */
export function startOfEntry(rollout: RolloutEntry): DeploymentStart {
  return {
    serviceDeployment: undefined,
    serviceRevision: undefined,
    taskDefinition: rollout.taskDefinition,
    rollout: rollout.id,
  };
}
