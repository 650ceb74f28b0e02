import { type Cause, causesOf, certainFailure } from './cause.ts';
import type { ServiceDeployment, Task } from './observed.ts';

/** One look at a service deployment. */
export interface Observation {
  readonly deployment: ServiceDeployment;
  /** The task definition that the service names, looked up once the deployment says SUCCESSFUL. */
  readonly primary: string | undefined;
  /** The task definition that this deployment is to bring. */
  readonly taskDefinition: string;
  /** Stopped tasks that this deployment started. */
  readonly stopped: readonly Task[];
  /** Tasks of this deployment that the load balancer calls healthy, when it was asked. */
  readonly healthy: number;
}

/** What one look means (deploying-to-ecs §3.2). Only `rolling` and `rolling-back` are worth another look. */
export type Judgement =
  | { readonly kind: 'rolling' }
  /** ECS still tries, but it cannot end well. */
  | { readonly kind: 'doomed'; readonly cause: Cause }
  | { readonly kind: 'deployed' }
  | { readonly kind: 'rolling-back'; readonly reason: string }
  | { readonly kind: 'rolled-back'; readonly reason: string }
  | { readonly kind: 'rollback-failed'; readonly reason: string }
  | { readonly kind: 'superseded'; readonly reason: string }
  | { readonly kind: 'stopped'; readonly reason: string };

export function judge(seen: Observation): Judgement {
  const { deployment } = seen;
  const reason = deployment.rollback?.reason ?? deployment.reason ?? 'ECS gave no reason';
  switch (deployment.status) {
    case 'SUCCESSFUL':
      return seen.primary === seen.taskDefinition
        ? { kind: 'deployed' }
        : {
            kind: 'superseded',
            reason: `the service names ${seen.primary ?? 'no task definition'} by now`,
          };
    case 'ROLLBACK_REQUESTED':
    case 'ROLLBACK_IN_PROGRESS':
      return { kind: 'rolling-back', reason };
    case 'ROLLBACK_SUCCESSFUL':
      return { kind: 'rolled-back', reason };
    case 'ROLLBACK_FAILED':
      return { kind: 'rollback-failed', reason };
    case 'STOPPED':
      return /replaced by a new (service )?deployment/i.test(deployment.reason ?? '')
        ? { kind: 'superseded', reason }
        : { kind: 'stopped', reason };
    default: {
      // PENDING, IN_PROGRESS, STOP_REQUESTED, and any word that AWS may add: never taken for an end.
      const cause = certainFailure(causesOf(seen.stopped), seen.healthy);
      return cause ? { kind: 'doomed', cause } : { kind: 'rolling' };
    }
  }
}

/** One line for the state that a person would want to know about; equal lines are printed once. */
export function sayState({ deployment, stopped }: Observation): string {
  const { requested, running, pending } = deployment.tasks;
  const parts = [`${deployment.status}: ${running} of ${requested} new tasks running, ${pending} pending`];
  if (stopped.length > 0) parts.push(`${stopped.length} stopped`);
  if (deployment.breaker && deployment.breaker.failures > 0) {
    parts.push(
      `circuit breaker at ${deployment.breaker.failures} of ${deployment.breaker.threshold} failures`,
    );
  }
  if (deployment.alarms.length > 0) parts.push(`alarms: ${deployment.alarms.join(', ')}`);
  return parts.join(', ');
}
