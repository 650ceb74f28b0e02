import { causesOf, certainFailure, sayCause } from '../cause/causes.ts';
import type { Task } from '../observed.ts';
import {
  type Grace,
  type GroupHealth,
  type GroupSample,
  type HealthSample,
  healthyByZone,
  isHealthy,
  shortTask,
  type TaskHealth,
  taskHealth,
} from './health-sample.ts';
import { type HealthCheckPart, meaningOf, type TargetMeaning } from './target-reasons.ts';
import { skewOf, zonesRequired } from './zones.ts';

export type HealthJudgement =
  | { readonly kind: 'good' }
  | { readonly kind: 'waiting'; readonly on: string }
  /** Fails when the next sample says so too. */
  | { readonly kind: 'bad'; readonly what: string; readonly advice: string }
  | { readonly kind: 'hopeless'; readonly what: string; readonly advice: string }
  /** Cannot be proven either way. */
  | { readonly kind: 'unverifiable'; readonly what: string; readonly advice: string }
  | { readonly kind: 'wrong-image'; readonly task: string; readonly digest: string };

/**
 * How many tasks must be healthy: the agreed base, and as many as the service wants. Tasks that a scale-out asked for
 * after the deployment ended are not waited for: `requested` is what the deployment was to bring.
 */
export function neededTasks(base: number, desired: number, requested: number = desired): number {
  return Math.max(1, base, Math.min(desired, requested));
}

/**
 * Only this deployment's tasks count: others drain, and a balancer without a healthy target routes to all, so an
 * answer through it proves nothing. Targets of other tasks are not looked at.
 */
export function judgeHealth(sample: HealthSample): HealthJudgement {
  const tasks = taskHealth(sample);
  return (
    judgeImages(sample, tasks) ??
    judgePlaces(sample, tasks) ??
    judgeTargets(sample, tasks) ??
    judgeAbsence(sample, tasks) ??
    judgeNumbers(sample, tasks) ?? { kind: 'good' }
  );
}

function judgeImages({ digests }: HealthSample, tasks: readonly TaskHealth[]): HealthJudgement | undefined {
  if (digests === 'any') return undefined;
  const wrong = tasks.find(({ digest }) => digest !== undefined && !digests.has(digest));
  return wrong && { kind: 'wrong-image', task: wrong.task, digest: wrong.digest ?? '' };
}

/** A place where a task can never count: outside of the agreed zones, or without an address of its own. */
function judgePlaces(sample: HealthSample, tasks: readonly TaskHealth[]): HealthJudgement | undefined {
  const { names } = sample.zones;
  const foreign = tasks.find(
    ({ zone }) => zone !== undefined && names !== undefined && !names.includes(zone),
  );
  if (foreign) {
    return {
      kind: 'hopeless',
      what: `task ${shortTask(foreign.task)} is in ${foreign.zone}, but the agreed zones are ${names?.join(', ')}`,
      advice: 'The provider corrects the subnets of the service, or the zones of the contract.',
    };
  }
  const shared = sample.tasks.find(({ address, lastStatus }) => !address && lastStatus === 'RUNNING');
  return (
    shared && {
      kind: 'unverifiable',
      what: `task ${shortTask(shared.arn)} runs and has no network interface of its own, so its targets cannot be told from others`,
      advice: 'Tasks of the network mode awsvpc are verified; bridge and host networking are not supported.',
    }
  );
}

interface Told {
  readonly task: Task;
  readonly says: TargetMeaning;
  readonly words: string;
}

function judgeTargets(sample: HealthSample, tasks: readonly TaskHealth[]): HealthJudgement | undefined {
  const told = tasks.flatMap((each, index): readonly Told[] => {
    const task = sample.tasks[index];
    if (!task) return [];
    return each.targets.flatMap((target, at) => {
      if (target.state === 'absent') return [];
      const says = meaningOf(target);
      return [{ task, says, words: sayTarget(each, target, says, sample.groups[at]) }];
    });
  });
  for (const kind of ['hopeless', 'unverifiable'] as const) {
    const found = told.find(({ says }) => says.kind === kind);
    if (found && 'advice' in found.says) return { kind, what: found.words, advice: found.says.advice };
  }
  const bad = told.filter(({ says }) => says.kind === 'bad');
  const late = bad.find(({ task }) => !inGrace(sample.grace, task));
  if (late && 'advice' in late.says) return { kind: 'bad', what: late.words, advice: late.says.advice };
  const [early] = bad;
  return early && { kind: 'waiting', on: `the end of a grace period: ${early.words}` };
}

/** If no task of ours is in a target group, what became of the tasks says more than the balancer. */
function judgeAbsence(
  { tasks: running, stopped = [] }: HealthSample,
  tasks: readonly TaskHealth[],
): HealthJudgement | undefined {
  if (tasks.some(({ targets }) => targets.some(({ state }) => state !== 'absent'))) return undefined;
  const causes = causesOf(stopped);
  const certain = certainFailure(causes, 0);
  if (certain) {
    return {
      kind: 'hopeless',
      what: `no task reached registration: ${sayCause(certain)}`,
      advice: certain.advice,
    };
  }
  const [cause] = causes;
  const states = [...new Set(running.map(({ lastStatus }) => lastStatus))].join(', ');
  const there = running.length === 0 ? 'no task is there' : `${running.length} of them ${states}`;
  return {
    kind: 'waiting',
    on: `registration: ${there}${cause ? `; stopped: ${sayCause(cause)}` : ''}`,
  };
}

function judgeNumbers(sample: HealthSample, tasks: readonly TaskHealth[]): HealthJudgement | undefined {
  const { digests, needed, zones } = sample;
  const undigested = tasks.find(({ digest }) => digest === undefined);
  if (undigested && digests !== 'any') {
    return { kind: 'waiting', on: `the image digest of task ${shortTask(undigested.task)}` };
  }
  const healthy = tasks.filter(isHealthy).length;
  if (healthy < Math.max(1, needed)) {
    return { kind: 'waiting', on: `${healthy} of ${needed} tasks healthy` };
  }
  const counts = healthyByZone(tasks);
  const required = zonesRequired(zones.agreed, needed);
  if (counts.size < required) {
    return {
      kind: 'waiting',
      on: `healthy in ${counts.size} of ${required} zones (${[...counts.keys()].join(', ')})`,
    };
  }
  if (skewOf(counts, required) > (zones.maximumSkew ?? Number.POSITIVE_INFINITY)) {
    return { kind: 'waiting', on: `an even spread: ${sayCounts(counts)}` };
  }
  return undefined;
}

/** `eu-west-1a 3, eu-west-1b 1` */
export function sayCounts(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([zone, count]) => `${zone} ${count}`).join(', ');
}

function inGrace(grace: Grace | undefined, { startedAt }: Task): boolean {
  if (!grace) return false;
  const own = startedAt === undefined ? 0 : startedAt + grace.seconds * 1000;
  return grace.now < Math.max(grace.until, own);
}

/** The task, its state and reason, and what the balancer asked it for. ELB's description has the status that it answered. */
function sayTarget(
  { task, address }: TaskHealth,
  { group, state, reason, description }: GroupHealth,
  says: TargetMeaning,
  sample: GroupSample | undefined,
): string {
  const why = [reason, description].filter(Boolean).join(': ');
  const asked = says.kind === 'bad' && sample ? sayAsked(says.asked, sample) : '';
  const where = sample && says.kind !== 'bad' ? ` in ${group}` : '';
  return `task ${shortTask(task)} at ${address} is ${state}${why ? ` (${why})` : ''}${where}${asked}`.replace(
    /[\r\n]+/g,
    ' ',
  );
}

function sayAsked(asked: HealthCheckPart, { name, port, healthCheck }: GroupSample): string {
  const number = healthCheck?.port === 'traffic-port' ? port : healthCheck?.port;
  const on = `port ${number ?? port ?? 'unknown'}`;
  switch (asked) {
    case 'request':
      return `; ${name} asks for ${healthCheck?.path ?? 'no path'} on ${on} and wants ${healthCheck?.matcher ?? 'an answer'}`;
    case 'port and time':
      return `; ${name} asks on ${on} and waits ${healthCheck?.timeoutSeconds ?? 'some'} s`;
    case 'port':
      return `; ${name} asks on ${on}`;
    case 'nothing':
      return ` in ${name}`;
  }
}
