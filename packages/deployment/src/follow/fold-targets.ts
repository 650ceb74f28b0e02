import { neverHealthy } from '../health/target-reasons.ts';
import type { TargetState, Task } from '../observed.ts';
import { strategyNamed } from '../strategies/strategies.ts';
import type { TargetsAnswer } from './answer.ts';
import type { LostTargets } from './judge.ts';
import { isTaskOf } from './own-tasks.ts';
import { enoughHealthy, type Snapshot } from './snapshot.ts';

const NOTHING_CHECKED = 40_000; // milliseconds after which ECS calls a task healthy that nobody checks (deploying-to-ecs §3.4)

/** What running tasks and their targets say: who is healthy, who has left, who can never be well. */
export function withTargets(snapshot: Snapshot, { at, running, targets }: TargetsAnswer): Snapshot {
  const seen = running ? withRunning(snapshot, running, at) : snapshot;
  const { groups = [], subject } = seen;
  const alive = seen.running?.tasks ?? [];
  if (groups.length === 0)
    return { ...seen, left: false, healthy: alive.filter((task) => isWell(task, at)).length };
  const own = targets.filter((each) => (each.port ?? subject.port) === subject.port);
  const targetOf = (task: Task) => own.find(({ address }) => address === task.address);
  const there = alive.filter((task) => isServing(targetOf(task)));
  const left = alive.some((task) => !isServing(targetOf(task)) && seen.registered.has(task.arn));
  const hopeless = alive.filter((task) => isHopeless(targetOf(task)));
  const told: Snapshot = {
    ...seen,
    left,
    running: left && seen.running ? { ...seen.running, tasks: there, count: undefined } : seen.running,
    healthy: alive.filter((task) => targetOf(task)?.state === 'healthy').length,
    registered: new Set([...seen.registered, ...there.map(({ arn }) => arn)]),
    targetReasons: new Map([...seen.targetReasons, ...unhealthyReasons(alive, targetOf)]),
    hopelessSince: new Map(hopeless.map(({ arn }) => [arn, seen.hopelessSince.get(arn) ?? at])),
  };
  // It ends the deployment, and explains that when its targets are gone.
  return { ...told, lost: told.lost ?? lostAmong(told, alive, targetOf, at) };
}

function withRunning(snapshot: Snapshot, listed: readonly Task[], at: number): Snapshot {
  const { start } = snapshot.subject;
  const [own, others] = [true, false].map((ours) => listed.filter((task) => isTaskOf(task, start) === ours));
  const known = knownRunning(snapshot).map((task) => [task.arn, task] as const);
  const tasks = [...new Map([...known, ...(own ?? []).map((task) => [task.arn, task] as const)]).values()];
  // A load balancer has addresses; a task that runs and has none yet is asked for again soon.
  const isWhole = tasks.every(({ lastStatus, address }) => lastStatus !== 'RUNNING' || address !== undefined);
  return {
    ...snapshot,
    tasks: new Map([...snapshot.tasks, ...tasks.map((task) => [task.arn, task] as const)]),
    over: new Set([...snapshot.over, ...(others ?? []).map(({ arn }) => arn)]),
    running: { tasks, count: isWhole ? snapshot.deployment?.tasks.running : undefined, at },
  };
}

/** Running tasks of ours that need no further look: their addresses are known, and the load balancer says how they are. */
export function knownRunning({ running, groups = [] }: Snapshot): readonly Task[] {
  return groups.length === 0
    ? []
    : (running?.tasks ?? []).filter(
        ({ lastStatus, address }) => lastStatus === 'RUNNING' && address !== undefined,
      );
}

function isServing(target: TargetState | undefined): boolean {
  return target !== undefined && target.state !== 'draining';
}

function isHopeless(target: TargetState | undefined): boolean {
  return target !== undefined && neverHealthy(target) !== undefined;
}

function unhealthyReasons(alive: readonly Task[], targetOf: (task: Task) => TargetState | undefined) {
  return alive.flatMap((task) => {
    const target = targetOf(task);
    return target && /^un/.test(target.state) ? [[task.arn, sayTarget(target)] as const] : [];
  });
}

/** What of our tasks is lost, unless enough others may still become healthy. */
function lostAmong(
  snapshot: Snapshot,
  alive: readonly Task[],
  targetOf: (task: Task) => TargetState | undefined,
  now: number,
): LostTargets | undefined {
  const { deployment, hopelessSince } = snapshot;
  const { lostAfter } = strategyNamed(deployment?.strategy ?? '');
  const since = ({ arn }: Task) => hopelessSince.get(arn) ?? Number.POSITIVE_INFINITY;
  const given = alive.filter((task) => now - since(task) >= lostAfter);
  const target = given[0] && targetOf(given[0]);
  const advice = target && neverHealthy(target)?.advice;
  const requested = deployment?.tasks.requested ?? 0;
  return target && advice !== undefined && given.length > requested - enoughHealthy(snapshot)
    ? { tasks: given.map(({ arn }) => arn), says: sayTarget(target), advice }
    : undefined;
}

/** Without a load balancer: the containers' own checks say so, or nobody checks and it runs for as long as ECS waits. */
function isWell({ containers, startedAt }: Task, now: number): boolean {
  const checks = containers.flatMap(({ health }) =>
    health === undefined || health === 'UNKNOWN' ? [] : [health],
  );
  if (checks.length > 0) return checks.every((health) => health === 'HEALTHY');
  return startedAt !== undefined && now - startedAt >= NOTHING_CHECKED;
}

function sayTarget({ state, reason, description }: TargetState): string {
  return [reason ?? state, description].filter(Boolean).join(': ');
}
