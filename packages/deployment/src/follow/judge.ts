import { type Cause, causesOf, certainFailure, sayCause } from '../cause/causes.ts';
import { shortTask } from '../health/health-sample.ts';
import type { LifecycleHook, ServiceDeployment, ServiceEvent, Task } from '../observed.ts';
import { strategyNamed } from '../strategies/strategies.ts';

/** Tasks whose targets will never be healthy, so that the deployment cannot end well. */
export interface LostTargets {
  readonly tasks: readonly string[];
  /** The target's reason and description, of one of them. */
  readonly says: string;
  readonly advice: string;
}

/** One look at a service deployment. */
export interface Observation {
  readonly deployment: ServiceDeployment;
  /** The task definition that the service names, looked up once the deployment says SUCCESSFUL. */
  readonly primary: string | undefined;
  /** The task definition that this deployment is to bring. */
  readonly taskDefinition: string;
  /** Stopped tasks that this deployment started. */
  readonly stopped: readonly Task[];
  /** Tasks of this deployment that the load balancer calls healthy; `undefined` when nobody could say. */
  readonly healthy: number | undefined;
  /** Containers whose end ends the task, when the task definition was read. */
  readonly essential?: ReadonlySet<string> | undefined;
  /** What a target group last said against a task of ours while it lived, by the task's ARN. */
  readonly targetReasons?: ReadonlyMap<string, string> | undefined;
  /** Targets of ours that have no way to become healthy, when too many have none. */
  readonly lost?: LostTargets | undefined;
  /** ECS's newest word about the service, where it is a warning. */
  readonly warned?: string | undefined;
  /** The hook of a pause that this run has answered: ECS may show it for a while yet. */
  readonly answered?: string | undefined;
  /** Service events of this deployment that were not seen before, oldest first. Others' words. */
  readonly events: readonly ServiceEvent[];
  /** Tasks of this deployment, running and stopped, as they were last seen. */
  readonly tasks: readonly Task[];
}

/** What one look means (deploying-to-ecs §3.2). Only `rolling` and `rolling-back` are worth another look. */
export type Judgement =
  | { readonly kind: 'rolling' }
  /** ECS waits at a hook until somebody says how to go on. */
  | { readonly kind: 'paused'; readonly hook: LifecycleHook }
  /** ECS still tries, but it cannot end well. */
  | { readonly kind: 'doomed'; readonly why: string; readonly advice: string; readonly cause?: Cause }
  | { readonly kind: 'deployed' }
  | { readonly kind: 'rolling-back'; readonly reason: string }
  | { readonly kind: 'rolled-back'; readonly reason: string }
  | { readonly kind: 'rollback-failed'; readonly reason: string }
  | { readonly kind: 'superseded'; readonly reason: string }
  | { readonly kind: 'stopped'; readonly reason: string };

/** ECS's words for a deployment that gave way to a newer one. */
const REPLACED = /replaced (by|with) an?(other)? (new(er)? )?(service )?deployment/i;

export function judge(seen: Observation): Judgement {
  const { deployment } = seen;
  const reason = reasonOf(deployment);
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
      return REPLACED.test(deployment.reason ?? '')
        ? { kind: 'superseded', reason }
        : { kind: 'stopped', reason };
    default: {
      // PENDING, IN_PROGRESS, STOP_REQUESTED, and any word that AWS may add: never taken for an end.
      const cause = certainFailure(causesOf(seen.stopped, seen.essential), seen.healthy);
      if (cause) return { kind: 'doomed', why: sayCause(cause), advice: cause.advice, cause };
      if (seen.lost) return { kind: 'doomed', why: sayLost(seen.lost), advice: seen.lost.advice };
      const hook = deployment.hooks.find(
        ({ id, status }) => status === 'AWAITING_ACTION' && id !== seen.answered,
      );
      return hook && deployment.status === 'IN_PROGRESS' ? { kind: 'paused', hook } : { kind: 'rolling' };
    }
  }
}

/** One sentence: whose target can't become healthy, and what the load balancer says. */
function sayLost({ tasks, says }: LostTargets): string {
  const [first = ''] = tasks;
  const others = tasks.length > 1 ? ` and of ${tasks.length - 1} more` : '';
  return `the target of task ${shortTask(first)}${others} will never be healthy: ${says}`;
}

/** Why ECS ended or turned a deployment, with the alarms that were in ALARM. */
function reasonOf({ status, rollback, reason, alarms }: ServiceDeployment): string {
  const asked = status === 'ROLLBACK_REQUESTED' ? 'somebody asked ECS to roll it back' : undefined;
  const said = rollback?.reason ?? reason ?? asked ?? 'ECS gave no reason';
  const missing = alarms.filter((name) => !said.includes(name));
  return missing.length > 0 ? `${said} (in ALARM: ${missing.join(', ')})` : said;
}

/** One line for the state that a person would want to know about; equal lines are printed once. */
export function sayState({ deployment, stopped, essential, healthy }: Observation): string {
  const { requested, running, pending } = deployment.tasks;
  const stage = deployment.stage === undefined ? '' : ` (${deployment.stage})`;
  const parts = [`${deployment.status}${stage}: ${sayTasks(requested, running)}`];
  if (pending > 0) parts.push(`${pending} pending`);
  if (healthy !== undefined && running > 0) parts.push(`${healthy} healthy at the load balancer`);
  const ended = causesOf(stopped, essential).reduce((sum, { count }) => sum + count, 0);
  if (ended > 0) parts.push(`${ended} stopped`);
  const old = deployment.sources.reduce((sum, { tasks }) => sum + tasks.running, 0);
  if (old > 0) parts.push(`${old} old running`);
  if (deployment.productionWeight !== undefined && strategyNamed(deployment.strategy).shiftsTraffic) {
    parts.push(`${deployment.productionWeight} % of the traffic`);
  }
  const { breaker } = deployment;
  if (breaker && breaker.status !== 'DISABLED' && breaker.failures > 0) {
    parts.push(`circuit breaker at ${breaker.failures} of ${breaker.threshold} failures`);
  }
  const waiting = deployment.hooks.filter(({ status }) => status === 'AWAITING_ACTION');
  if (waiting.length > 0) parts.push(`waits at hook ${waiting.map(({ id }) => id).join(', ')}`);
  if (deployment.alarms.length > 0) parts.push(`alarms: ${deployment.alarms.join(', ')}`);
  return parts.join(', ');
}

/** ECS wants none before it starts them and once it takes them back. */
function sayTasks(requested: number, running: number): string {
  if (requested > 0) return `${running} of ${requested} new tasks running`;
  return running === 0 ? 'no new tasks' : `${running} new ${running === 1 ? 'task' : 'tasks'} still running`;
}
