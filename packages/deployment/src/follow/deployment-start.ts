import type { RolloutEntry, ServiceDeploymentBrief, ServiceRevision } from '../observed.ts';
import { startedByOf } from './service-deployment.ts';

/** A deployment that has begun. A role that may not list service deployments can't know its ARNs. */
export interface DeploymentStart {
  readonly serviceDeployment: string | undefined;
  readonly serviceRevision: string | undefined;
  readonly taskDefinition: string;
  /** `ecs-svc/…`: what its tasks carry in `startedBy`. */
  readonly rollout: string;
  /** When ECS began it, in milliseconds since the epoch. */
  readonly createdAt?: number;
  /** Those that ECS said it registers the tasks in; absent or empty where nobody has asked or it had not said yet. */
  readonly targetGroups?: readonly string[];
}

/** A deployment that can be seen only as an entry in the service's own list. */
export function startOfEntry({ id, taskDefinition, createdAt }: RolloutEntry): DeploymentStart {
  return { serviceDeployment: undefined, serviceRevision: undefined, taskDefinition, rollout: id, createdAt };
}

export function startOfRevision(
  { arn: serviceDeployment, createdAt }: ServiceDeploymentBrief,
  { arn, taskDefinition, targetGroups }: ServiceRevision,
): DeploymentStart {
  const rollout = startedByOf(arn);
  return { serviceDeployment, serviceRevision: arn, taskDefinition, rollout, targetGroups, createdAt };
}
