import { causesOf } from '../cause/causes.ts';
import type { Task } from '../observed.ts';
import { strategyNamed } from '../strategies/strategies.ts';
import type { Followed } from './deployment-report.ts';
import type { Observation } from './judge.ts';
import { boundedTimeline, REPLACED, type TimelineEntry } from './timeline.ts';

const WEIGHTS = 50; // changes of traffic weights that are kept

/** What was seen of a deployment on its way, for the log's reader of tomorrow. */
export interface Chronicle {
  readonly stages: readonly { readonly name: string; readonly from: number }[];
  readonly weights: Followed['weights'];
  readonly events: readonly TimelineEntry[];
  readonly tasks: Observation['tasks'];
  readonly essential: Observation['essential'];
}

export const NOTHING_SEEN: Chronicle = {
  stages: [],
  weights: [],
  events: [],
  tasks: [],
  essential: undefined,
};

/** The chronicle with one more look in it. */
export function noted(chronicle: Chronicle, seen: Observation, now: number): Chronicle {
  const { status, stage } = seen.deployment;
  const name = stage === undefined || status !== 'IN_PROGRESS' ? status : stage;
  const isNew = chronicle.stages.at(-1)?.name !== name;
  return {
    stages: isNew ? [...chronicle.stages, { name, from: now }] : chronicle.stages,
    weights: withWeight(chronicle.weights, seen, now),
    events: [...chronicle.events, ...seen.events.map(eventEntry)],
    tasks: seen.tasks,
    essential: seen.essential,
  };
}

/** Each change of weights once, where the strategy has any. */
function withWeight(
  weights: Chronicle['weights'],
  { deployment }: Observation,
  now: number,
): Chronicle['weights'] {
  const { strategy, productionWeight, testWeight } = deployment;
  const weight = { at: iso(now), production: productionWeight ?? null, test: testWeight ?? null };
  const last = weights.at(-1);
  const isNew = weight.production !== (last?.production ?? null) || weight.test !== (last?.test ?? null);
  return isNew && strategyNamed(strategy).shiftsTraffic && weights.length < WEIGHTS
    ? [...weights, weight]
    : weights;
}

function eventEntry({ at, message }: Observation['events'][number]): TimelineEntry {
  return { kind: 'event', name: message, from: iso(at), until: null, zone: null, ended: null };
}

/** As much of it as a report keeps; what goes on goes on until now. */
export function timelineOf({ stages, tasks, essential, events }: Chronicle, now: number): TimelineEntry[] {
  return [
    ...boundedTimeline([
      ...stages.map(({ name, from }, index) => ({
        kind: 'stage' as const,
        name,
        from: iso(from),
        until: iso(stages[index + 1]?.from ?? now),
        zone: null,
        ended: null,
      })),
      ...tasks.map(taskEntry(now, essential)),
      ...events,
    ]),
  ];
}

function taskEntry(now: number, essential: Chronicle['essential']): (task: Task) => TimelineEntry {
  return (task) => {
    const { arn, zone, createdAt, startedAt, stoppedAt, lastStatus } = task;
    return {
      kind: 'task',
      name: arn.split('/').at(-1) ?? arn,
      from: iso(createdAt ?? startedAt ?? stoppedAt ?? now),
      until: stoppedAt === undefined ? null : iso(stoppedAt),
      zone: zone ?? null,
      ended: lastStatus === 'STOPPED' || stoppedAt !== undefined ? sayEnd(task, essential) : null,
    };
  };
}

/** The exit code, or the class of the cause; `replaced` for a task that was stopped because it was not needed. */
function sayEnd(task: Task, essential: Chronicle['essential']): string {
  const [cause] = causesOf([task], essential);
  if (!cause) return REPLACED;
  return cause.exitCode === undefined || cause.exitCode === 0 ? cause.class : `exit ${cause.exitCode}`;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
