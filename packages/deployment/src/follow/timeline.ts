import * as v from 'valibot';

/** What happened during a rollout, for a picture of it. Times are RFC 3339; `until` is `null` for what goes on. */
export const TimelineEntry = v.strictObject({
  kind: v.picklist(['stage', 'task', 'event']),
  /** ECS's word for a stage, the id of a task, the text of an event. */
  name: v.string(),
  from: v.string(),
  until: v.nullable(v.string()),
  /** The zone of a task. */
  zone: v.nullable(v.string()),
  /** How a task ended: `exit 3`, the class of the cause, or `replaced`; `null` while it lives, and for anything else. */
  ended: v.nullable(v.string()),
});

export type TimelineEntry = v.InferOutput<typeof TimelineEntry>;

/** The end of a task that was stopped because it was not needed any more. */
export const REPLACED = 'replaced';

/** How many entries of each kind a report keeps. */
const TIMELINE_LIMIT = { stage: 30, task: 40, event: 30 } as const;

const LONGEST = 200; // characters of one name

/**
 * The entries that a report keeps, in the order of their beginning. Of tasks those that ended come first, because they
 * explain; of stages and events the latest, because they decided.
 */
export function boundedTimeline(entries: readonly TimelineEntry[]): readonly TimelineEntry[] {
  const of = (kind: TimelineEntry['kind']) => entries.filter((each) => each.kind === kind);
  const tasks = of('task').toSorted((a, b) => Number(a.ended === null) - Number(b.ended === null));
  return [
    ...of('stage').slice(-TIMELINE_LIMIT.stage),
    ...tasks.slice(0, TIMELINE_LIMIT.task),
    ...of('event').slice(-TIMELINE_LIMIT.event),
  ]
    .map((each) => ({
      ...each,
      name: each.name.slice(0, LONGEST),
      ended: each.ended?.slice(0, LONGEST) ?? null,
    }))
    .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
}
