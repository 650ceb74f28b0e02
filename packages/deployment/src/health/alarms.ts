import type { AlarmState } from '../observed.ts';

/** All alarms as they stood at one moment (milliseconds since the epoch). One that does not exist is not among them. */
export interface AlarmObservation {
  readonly at: number;
  readonly alarms: readonly AlarmState[];
}

/**
 * `quiet`: it had data and was not in ALARM. `caused`: it went into ALARM since the deployment began. `before`: it was
 * in ALARM before that, which proves nothing of this deployment. `unknown`: it is not there, never had data, or left OK
 * between two looks.
 */
export type AlarmVerdict = 'quiet' | 'caused' | 'before' | 'unknown';

export interface JudgedAlarm {
  readonly name: string;
  readonly verdict: AlarmVerdict;
  /** States at the first look, at the looks between where they differ from the one before, and at the last. */
  readonly before: string;
  readonly during: readonly string[];
  readonly after: string;
  /** A sentence. Reasons are CloudWatch's words. */
  readonly says: string;
}

const ABSENT = 'absent';

/**
 * What watched alarms say of a deployment that began at `deployedFrom`. The first look is the one at the start of the
 * bake; a later one may be of another run, so a state that came again in between is told by its time alone.
 */
export function judgeAlarms(
  names: readonly string[],
  looks: readonly AlarmObservation[],
  deployedFrom: number,
): readonly JudgedAlarm[] {
  return names.map((name) => {
    const seen = looks.map(({ alarms }) => alarms.find((alarm) => alarm.name === name));
    const states = seen.map((alarm) => alarm?.state ?? ABSENT);
    const [before = ABSENT, ...rest] = states;
    const after = states.at(-1) ?? ABSENT;
    const during = rest.slice(0, -1).filter((state, index) => state !== states[index]);
    return { name, before, during, after, ...judgeOne(name, seen, deployedFrom) };
  });
}

function judgeOne(
  name: string,
  seen: readonly (AlarmState | undefined)[],
  deployedFrom: number,
): Pick<JudgedAlarm, 'verdict' | 'says'> {
  const last = seen.at(-1);
  const raised = seen.find(
    (alarm, index) => alarm !== undefined && isOurs(alarm, seen[index - 1], deployedFrom),
  );
  if (raised) {
    return { verdict: 'caused', says: `${name} went into ALARM${why(raised)}` };
  }
  if (seen.some((alarm) => alarm?.state === 'ALARM')) {
    return {
      verdict: 'before',
      says: `${name} was in ALARM before this deployment and is ${last?.state ?? ABSENT} now`,
    };
  }
  if (!last) return { verdict: 'unknown', says: `there is no alarm ${name}` };
  if (!seen.some((alarm) => alarm?.state === 'OK')) {
    return { verdict: 'unknown', says: `${name} never had data (${last.state})` };
  }
  const moved = seen.some((alarm, index) => cameBack(seen[index - 1], alarm));
  return moved
    ? { verdict: 'unknown', says: `${name} left OK and came back while nobody looked` }
    : { verdict: 'quiet', says: `${name} is ${last.state}` };
}

/** In ALARM since a time after the deployment began, or seen to go there. */
function isOurs(alarm: AlarmState, earlier: AlarmState | undefined, deployedFrom: number): boolean {
  if (alarm.state !== 'ALARM') return false;
  if (alarm.since !== undefined && alarm.since >= deployedFrom) return true;
  return earlier !== undefined && earlier.state !== 'ALARM';
}

function cameBack(earlier: AlarmState | undefined, alarm: AlarmState | undefined): boolean {
  return (
    earlier?.state === 'OK' &&
    alarm?.state === 'OK' &&
    earlier.since !== undefined &&
    alarm.since !== undefined &&
    earlier.since !== alarm.since
  );
}

function why({ reason }: AlarmState): string {
  return reason ? ` (${reason.replace(/\s+/g, ' ').slice(0, 300)})` : '';
}
