import type { Digest } from '@tenant-delivery/domain';
import type { TargetState, Task } from './observed.ts';
import { meaningOf } from './target-reasons.ts';
import { zonesRequired } from './zones.ts';

/** One look at the tasks of one deployment and at the targets of its target group. */
export interface HealthSample {
  /** Tasks that this deployment started and ECS wants running. */
  readonly tasks: readonly Task[];
  readonly targets: readonly TargetState[];
  readonly desired: number;
  readonly container: string;
  readonly port: number;
  /** Digests that a running task may report: the index, or its child for the task's platform. */
  readonly digests: ReadonlySet<Digest>;
  /** Zones that the contract names. */
  readonly zonesAgreed: number;
}

/** A task with its target, as the report keeps it. */
export interface TaskHealth {
  readonly task: string;
  readonly address: string | undefined;
  readonly zone: string | undefined;
  readonly digest: string | undefined;
  /** `absent` when the group does not list the task's address. */
  readonly state: string;
  readonly reason: string | undefined;
  readonly description: string | undefined;
}

export type HealthJudgement =
  | { readonly kind: 'good' }
  | { readonly kind: 'waiting'; readonly on: string }
  /** Fails when the next sample says so too. */
  | { readonly kind: 'bad'; readonly what: string; readonly advice: string }
  | { readonly kind: 'hopeless'; readonly what: string; readonly advice: string }
  | { readonly kind: 'wrong-image'; readonly task: string; readonly digest: string };

export function taskHealth({ tasks, targets, container, port }: HealthSample): readonly TaskHealth[] {
  return tasks.map((task) => {
    const target = targets.find(
      (each) => each.address === task.address && (each.port === undefined || each.port === port),
    );
    return {
      task: task.arn,
      address: task.address,
      zone: task.zone,
      digest: task.containers.find(({ name }) => name === container)?.imageDigest,
      state: target?.state ?? 'absent',
      reason: target?.reason,
      description: target?.description,
    };
  });
}

/** Zones in which at least one of the tasks is healthy, sorted. */
export function healthyZones(tasks: readonly TaskHealth[]): readonly string[] {
  const zones = tasks.flatMap(({ state, zone }) => (state === 'healthy' && zone ? [zone] : []));
  return [...new Set(zones)].sort();
}

/**
 * Only this deployment's tasks count: others drain, and a balancer without a healthy target routes to all, so an
 * answer through it proves nothing. Targets of other tasks are not looked at.
 */
export function judgeHealth(sample: HealthSample): HealthJudgement {
  const tasks = taskHealth(sample);
  const wrong = tasks.find(
    ({ digest }) => digest !== undefined && !([...sample.digests] as string[]).includes(digest),
  );
  if (wrong) return { kind: 'wrong-image', task: wrong.task, digest: wrong.digest ?? '' };
  const told = tasks
    .filter(({ state }) => state !== 'absent')
    .map((each) => ({ each, says: meaningOf(each) }));
  for (const kind of ['hopeless', 'bad'] as const) {
    for (const { each, says } of told) {
      if (says.kind === kind) return { kind, what: sayTask(each), advice: says.advice };
    }
  }
  const undigested = tasks.find(({ digest }) => digest === undefined);
  if (undigested) return { kind: 'waiting', on: `the image digest of task ${shortTask(undigested.task)}` };
  const healthy = tasks.filter(({ state }) => state === 'healthy');
  if (healthy.length < Math.max(1, sample.desired)) {
    return { kind: 'waiting', on: `${healthy.length} of ${sample.desired} tasks healthy` };
  }
  const zones = healthyZones(tasks);
  const required = zonesRequired(sample.zonesAgreed, sample.desired);
  return zones.length < required
    ? { kind: 'waiting', on: `healthy in ${zones.length} of ${required} zones (${zones.join(', ')})` }
    : { kind: 'good' };
}

function sayTask({ task, address, state, reason, description }: TaskHealth): string {
  const why = [reason, description].filter(Boolean).join(': ');
  return `task ${shortTask(task)} at ${address} is ${state}${why ? ` (${why})` : ''}`.replace(
    /[\r\n]+/g,
    ' ',
  );
}

function shortTask(arn: string): string {
  return arn.split('/').at(-1) ?? arn;
}
