import { boundedTimeline, type Followed, type TimelineEntry } from '@tenant-delivery/deployment';
import type { Seen } from './look.ts';

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
  return {
    note: (seen, now) => {
      const { status, stage, productionWeight, testWeight } = seen.deployment;
      const name = stage === undefined || status !== 'IN_PROGRESS' ? status : stage;
      if (stages.at(-1)?.name !== name) stages.push({ name, from: now });
      const weight = { at: iso(now), production: productionWeight ?? null, test: testWeight ?? null };
      const last = weights.at(-1);
      const isNew = weight.production !== (last?.production ?? null) || weight.test !== (last?.test ?? null);
      if (isNew && weights.length < WEIGHTS) weights.push(weight);
      for (const { at, message } of seen.events) {
        events.push({ kind: 'event', name: message, from: iso(at), until: null, zone: null, ended: null });
      }
      tasks = seen.tasks;
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
        ...tasks.map(taskEntry(now)),
        ...events,
      ]),
    ],
    weights: () => [...weights],
  };
}

function taskEntry(now: number): (task: Seen['tasks'][number]) => TimelineEntry {
  return ({ arn, zone, createdAt, startedAt, stoppedAt, lastStatus, stopCode, containers }) => {
    const exit = containers.find(({ exitCode }) => exitCode !== undefined && exitCode !== 0)?.exitCode;
    const ended = exit === undefined ? (stopCode ?? 'stopped') : `exit ${exit}`;
    return {
      kind: 'task',
      name: arn.split('/').at(-1) ?? arn,
      from: iso(createdAt ?? startedAt ?? stoppedAt ?? now),
      until: stoppedAt === undefined ? null : iso(stoppedAt),
      zone: zone ?? null,
      ended: lastStatus === 'STOPPED' || stoppedAt !== undefined ? ended : null,
    };
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
