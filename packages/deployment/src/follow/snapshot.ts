import { type Cause, causesOf } from '../cause/causes.ts';
import type { Service, ServiceDeployment, ServiceEvent, Task } from '../observed.ts';
import type { ServiceRef } from '../service-ref.ts';
import { healthyPercentAtTheEnd } from '../strategies/time-limit.ts';
import type { DeploymentStart } from './deployment-start.ts';
import type { LostTargets } from './judge.ts';
import type { Known, Question } from './next-question.ts';
import type { Visibility } from './visibility.ts';

/** What is followed, and what was known when the deployment began. */
export interface FollowSubject {
  readonly ref: ServiceRef;
  readonly start: DeploymentStart;
  /** On which the service takes requests. */
  readonly port: number;
  /** The service as ECS describes it, its deployment configuration in it. */
  readonly service?: Service['document'] | undefined;
  /** The task definition that the service ran before. */
  readonly previous?: string | undefined;
  readonly visibleIn?: Visibility['visibleIn'] | undefined;
}

/** All that is known of a deployment that is followed. Each answer makes the next one of it (`fold.ts`). */
export interface Snapshot {
  readonly subject: FollowSubject;
  readonly visibleIn: Visibility['visibleIn'];
  readonly deployment: ServiceDeployment | undefined;
  /** Until when it rests by its configuration. */
  readonly restsUntil: number;
  readonly service: Service | undefined;
  /** The service has shown other counts than the service deployment had. */
  readonly moved: boolean;
  /** Tasks of ours that have stopped. */
  readonly stopped: readonly Task[];
  /** Running tasks of ours, as they were listed last; `undefined` to ask for all of them again. */
  readonly running: RunningTasks | undefined;
  /** A task of ours has left its target group: another one has its place. */
  readonly left: boolean;
  /** `undefined` when nobody has said. */
  readonly healthy: number | undefined;
  /** Containers whose end ends the task. */
  readonly essential: ReadonlySet<string> | undefined;
  /** Target groups that tasks of ours register in. */
  readonly groups: readonly string[] | undefined;
  /** Tasks of ours by ARN, running and stopped, as they were last seen. */
  readonly tasks: ReadonlyMap<string, Task>;
  /** ARNs of tasks that are not asked about again: others', and those of ours that have come to their end. */
  readonly over: ReadonlySet<string>;
  readonly events: ReadonlyMap<string, ServiceEvent>;
  /** What a target group last said against a task of ours while it lived. */
  readonly targetReasons: ReadonlyMap<string, string>;
  /** Since when a target of ours has had no way to become healthy, by its task. */
  readonly hopelessSince: ReadonlyMap<string, number>;
  /** ARNs of tasks of ours that a target group has shown. */
  readonly registered: ReadonlySet<string>;
  readonly lost: LostTargets | undefined;
  /** Questions that this role may not ask. */
  readonly denied: ReadonlySet<Question>;
  readonly askedAt: Readonly<Record<Question, number>>;
}

/** Running tasks of a deployment. */
export interface RunningTasks {
  readonly tasks: readonly Task[];
  /** How many ran by the deployment's own count; `undefined` if one of them had no address yet, or has left its group. */
  readonly count: number | undefined;
  /** When they were listed, in milliseconds since the epoch. */
  readonly at: number;
}

const NEVER = Number.NEGATIVE_INFINITY;

/** Before anything was asked. */
export function emptySnapshot(subject: FollowSubject): Snapshot {
  return {
    subject,
    visibleIn: subject.visibleIn ?? 'service-deployment',
    deployment: undefined,
    restsUntil: 0,
    service: undefined,
    moved: false,
    stopped: [],
    running: undefined,
    left: false,
    healthy: 0,
    essential: undefined,
    groups: undefined,
    tasks: new Map(),
    over: new Set(),
    events: new Map(),
    targetReasons: new Map(),
    hopelessSince: new Map(),
    registered: new Set(),
    lost: undefined,
    denied: new Set(),
    askedAt: { deployment: NEVER, service: NEVER, stopped: NEVER, targets: NEVER },
  };
}

/** Why tasks of the deployment have stopped. */
export function causesIn({ stopped, essential }: Pick<Snapshot, 'stopped' | 'essential'>): readonly Cause[] {
  return causesOf(stopped, essential);
}

/** Healthy tasks with which ECS may call it SUCCESSFUL: all that were asked for, or fewer by early success. */
export function enoughHealthy({ deployment, subject }: Snapshot): number {
  const requested = deployment?.tasks.requested ?? 0;
  const percent = healthyPercentAtTheEnd(subject.service ?? {});
  return requested === 0 ? 0 : Math.max(1, Math.ceil((requested * percent) / 100));
}

/** What the next question is chosen by. */
export function knownAt(snapshot: Snapshot, now: number): Known {
  const { visibleIn, deployment, healthy, moved, restsUntil, askedAt, denied } = snapshot;
  const hopeless = causesIn(snapshot).some(({ failAt }) => failAt !== undefined);
  return {
    ...{ now, visibleIn, deployment, healthy, moved, restsUntil, askedAt, denied },
    enough: enoughHealthy(snapshot),
    dying: hopeless && !(healthy !== undefined && healthy > 0),
    suspect: snapshot.hopelessSince.size > 0,
  };
}
