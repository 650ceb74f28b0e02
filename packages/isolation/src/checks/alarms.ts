import type { AlarmState } from '@tenant-delivery/deployment/observed';
import type { Verdict } from '../check.ts';
import type { Seen } from '../observed.ts';
import { combined, fail, pass, seen } from '../verdict.ts';

export interface ObservedAlarms {
  readonly names: readonly string[];
  /** Those that exist. */
  readonly alarms: Seen<readonly AlarmState[]>;
}

export function judgeAlarms({ names, alarms }: ObservedAlarms): Verdict {
  return seen(alarms, (found) =>
    combined(
      names.map((name) => {
        const alarm = found.find((each) => each.name === name);
        if (!alarm) {
          return fail(
            `there is no alarm ${name}`,
            'Create the alarm, or remove its name where it is listed.',
          );
        }
        return alarm.state === 'ALARM'
          ? fail(
              `${name} is in ALARM already`,
              'An alarm that is already in ALARM cannot show what the deployment does. Fix that first, or waive this check if this delivery is the fix.',
            )
          : pass(`${name} is ${alarm.state}`);
      }),
      'no alarm is named',
    ),
  );
}
