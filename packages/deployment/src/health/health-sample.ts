import type { TargetGroup, TargetState, Task } from '../observed.ts';
import { countByZone } from './zones.ts';

/** What the balancer says about one of the target groups that the service registers in. */
export interface GroupSample {
  readonly name: string;
  /** Of the container; `undefined` when nobody said, and then any port of a task's address is the task's. */
  readonly port: number | undefined;
  readonly targets: readonly TargetState[];
  readonly healthCheck?: TargetGroup['healthCheck'];
  /** How long a target that became healthy gets less than its share; 0 or absent: not at all. */
  readonly slowStartSeconds?: number | undefined;
}

/** A time before which bad news about a task is only news, in milliseconds since the epoch. */
export interface Grace {
  readonly now: number;
  /** For every task. */
  readonly until: number;
  /** For each task, counted from its start: what ECS itself waits. */
  readonly seconds: number;
}

export interface AgreedZones {
  readonly agreed: number;
  /** By which names this account knows them, where that could be found out. */
  readonly names?: readonly string[] | undefined;
  /** How many tasks one zone may have more than another; absent: any number. */
  readonly maximumSkew?: number;
}

/** One look at the tasks of one deployment and at the targets of its target groups. */
export interface HealthSample {
  /** Tasks that this deployment started and ECS wants running. */
  readonly tasks: readonly Task[];
  readonly groups: readonly GroupSample[];
  /** How many must be healthy: `neededTasks`. */
  readonly needed: number;
  readonly container: string;
  /** Digests that a running task may report: the index, or its child for the task's platform. `any`: none was named. */
  readonly digests: ReadonlySet<string> | 'any';
  readonly zones: AgreedZones;
  readonly grace?: Grace;
  /** Tasks of this deployment that stopped; looked at only while none has reached a target group. */
  readonly stopped?: readonly Task[];
}

/** One task in one target group. */
export interface GroupHealth {
  readonly group: string;
  /** `absent` when the group does not list the task's address. */
  readonly state: string;
  readonly reason: string | undefined;
  readonly description: string | undefined;
  readonly override: string | undefined;
  readonly anomaly: string | undefined;
}

/** A task with its targets, as the report keeps it. */
export interface TaskHealth {
  readonly task: string;
  readonly address: string | undefined;
  readonly zone: string | undefined;
  readonly digest: string | undefined;
  readonly targets: readonly GroupHealth[];
}

export function taskHealth({ tasks, groups, container }: HealthSample): readonly TaskHealth[] {
  return tasks.map((task) => ({
    task: task.arn,
    address: task.address,
    zone: task.zone,
    digest: task.containers.find(({ name }) => name === container)?.imageDigest,
    targets: groups.map(({ name, port, targets }) => {
      const target = targets.find(
        (each) =>
          each.address === task.address &&
          (each.port === undefined || port === undefined || each.port === port),
      );
      return {
        group: name,
        state: target?.state ?? 'absent',
        reason: target?.reason,
        description: target?.description,
        override: target?.override,
        anomaly: target?.anomaly,
      };
    }),
  }));
}

/** Healthy in every target group that the service registers in. */
export function isHealthy({ targets }: TaskHealth): boolean {
  return targets.length > 0 && targets.every(({ state }) => state === 'healthy');
}

/** `healthy`, or the state in the first target group where the task is not. */
export function stateOf({ targets }: TaskHealth): string {
  return (targets.find(({ state }) => state !== 'healthy') ?? targets[0])?.state ?? 'absent';
}

/** Zones in which at least one of the tasks is healthy, sorted. */
export function healthyZones(tasks: readonly TaskHealth[]): readonly string[] {
  return [...healthyByZone(tasks).keys()];
}

export function healthyByZone(tasks: readonly TaskHealth[]): ReadonlyMap<string, number> {
  return countByZone(tasks.filter(isHealthy).map(({ zone }) => zone));
}

export function shortTask(arn: string): string {
  return arn.split('/').at(-1) ?? arn;
}
