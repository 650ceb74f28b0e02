import type { PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import type { World } from '../world/world.ts';

export type AlarmValue = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** An alarm. Nothing evaluates what it measures: a test sets its state. */
export interface Alarm {
  readonly name: string;
  readonly arn: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** What it measures, if somebody said so. */
  readonly rule?: Omit<PutMetricAlarmInput, 'AlarmName' | 'Tags'>;
  state: AlarmValue;
  reason: string;
  updatedAt: number;
  /** When it last came from another state into this one. */
  changedAt: number;
}

export function alarmsOf(world: World, account: string, region: string): Record<string, Alarm> {
  return world.state('cloudwatch-alarms', account, region, () => ({ alarms: {} as Record<string, Alarm> }))
    .alarms;
}

export const REASONS: Readonly<Record<AlarmValue, string>> = {
  OK: 'Threshold Crossed: 1 datapoint was not greater than or equal to the threshold.',
  ALARM: 'Threshold Crossed: 1 datapoint was greater than or equal to the threshold.',
  INSUFFICIENT_DATA: 'Insufficient Data: 1 datapoint was unknown.',
};

/** Puts an alarm into a state, now or after virtual seconds. An alarm that does not exist is made, at once. */
export function setAlarm(
  world: World,
  account: string,
  region: string,
  name: string,
  state: AlarmValue,
  afterSeconds = 0,
): void {
  const alarms = alarmsOf(world, account, region);
  const now = world.clock.now();
  alarms[name] ??= {
    name,
    arn: `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`,
    createdAt: now,
    state: 'OK',
    reason: REASONS.OK,
    updatedAt: now,
    changedAt: now,
  };
  if (afterSeconds > 0) {
    world.clock.after(afterSeconds * 1_000, () => setAlarm(world, account, region, name, state));
    return;
  }
  const alarm = alarms[name];
  if (alarm.state !== state) alarm.changedAt = now;
  alarm.state = state;
  alarm.reason = REASONS[state];
  alarm.updatedAt = now;
  world.touched();
  for (const tell of listeners(world)) tell(account, region);
}

type Listener = (account: string, region: string) => void;

const known = new WeakMap<World, Listener[]>();

function listeners(world: World): Listener[] {
  const found = known.get(world) ?? [];
  known.set(world, found);
  return found;
}

/** Hears in which account and region an alarm was set. */
export function onAlarm(world: World, listener: Listener): void {
  listeners(world).push(listener);
}
