import { randomUUID } from 'node:crypto';
import type { World } from '../world/world.ts';

/** A management event as it was, and from when on one may look it up. */
export interface TrailEvent {
  readonly id: string;
  /** Milliseconds since the epoch, as every moment here. */
  readonly time: number;
  readonly visibleAt: number;
  /** `iam.amazonaws.com` */
  readonly source: string;
  readonly name: string;
  readonly readOnly: boolean;
  readonly accessKeyId: string | undefined;
  /** The user, or the session's name of a role. */
  readonly username: string | undefined;
  readonly resources: readonly { readonly type: string; readonly name: string }[];
  /** Further members of the event's JSON. */
  readonly record: Readonly<Record<string, unknown>>;
}

/** Events of one account and region, the oldest first. */
export function eventsOf(world: World, account: string, region: string): TrailEvent[] {
  return world.state<{ readonly events: TrailEvent[] }>('cloudtrail', account, region, () => ({ events: [] }))
    .events;
}

/** How late events come, one after the other: never in the order in which they happened ("about 5 minutes", 15 at most). */
const MINUTES_LATE = [3, 11, 6, 14, 2, 9, 5] as const;

/** From now on every event can be looked up so many virtual milliseconds after it happened; `undefined`: 2 to 14 minutes. */
export function setTrailDelay(world: World, milliseconds: number | undefined): void {
  delayOf(world).milliseconds = milliseconds;
  world.touched();
}

function delayOf(world: World): { milliseconds: number | undefined; events: number } {
  return world.state<{ milliseconds: number | undefined; events: number }>(
    'cloudtrail-delay',
    '',
    '',
    () => ({
      milliseconds: undefined,
      events: 0,
    }),
  );
}

export type NewEvent = Omit<TrailEvent, 'id' | 'time' | 'visibleAt'>;

/** Writes an event down, at this moment of the world. */
export function addEvent(world: World, account: string, region: string, event: NewEvent): void {
  const delay = delayOf(world);
  const minutes = MINUTES_LATE[delay.events % MINUTES_LATE.length] ?? 15;
  delay.events += 1;
  const time = world.clock.now();
  const visibleAt = time + (delay.milliseconds ?? minutes * 60_000);
  eventsOf(world, account, region).push({ ...event, id: randomUUID(), time, visibleAt });
  world.touched();
}
