import {
  boundedTimeline,
  causesOf,
  type Followed,
  REPLACED,
  strategyNamed,
  type Task,
  type TimelineEntry,
} from '@tenant-delivery/deployment';
import type { Seen } from './observe.ts';

const WEIGHTS = 50; // changes of traffic weights that are kept

/** Keeps what was seen of a deployment on its way, for the log's reader of tomorrow. */
export interface Chronicle {
  note(seen: Seen, now: number): void;
  timeline(now: number): TimelineEntry[];
  weights(): Followed['weights'];
}

export function chronicle(): Chronicle {
  const stages: { name: string; from: number }[] = [];
  const weights: Followed['weights'] = [];
  const events: TimelineEntry[] = [];
  let tasks: Seen['tasks'] = [];
  let essential: Seen['essential'];
  return {
    note: (seen, now) => {
      const { status, strategy, stage, productionWeight, testWeight } = seen.deployment;
      const name = stage === undefined || status !== 'IN_PROGRESS' ? status : stage;
      if (stages.at(-1)?.name !== name) stages.push({ name, from: now });
      const weight = { at: iso(now), production: productionWeight ?? null, test: testWeight ?? null };
      const last = weights.at(-1);
      const isNew = weight.production !== (last?.production ?? null) || weight.test !== (last?.test ?? null);
      if (isNew && strategyNamed(strategy).shiftsTraffic && weights.length < WEIGHTS) weights.push(weight);
      for (const { at, message } of seen.events) {
        events.push({ kind: 'event', name: message, from: iso(at), until: null, zone: null, ended: null });
      }
      tasks = seen.tasks;
      essential = seen.essential;
    },
    timeline: (now) => [
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
    ],
    weights: () => [...weights],
  };
}

function taskEntry(now: number, essential: Seen['essential']): (task: Task) => TimelineEntry {
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
function sayEnd(task: Task, essential: Seen['essential']): string {
  const [cause] = causesOf([task], essential);
  if (!cause) return REPLACED;
  return cause.exitCode === undefined || cause.exitCode === 0 ? cause.class : `exit ${cause.exitCode}`;
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
