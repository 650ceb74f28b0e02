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
          return fail(`there is no alarm ${name}`, 'Create the alarm, or take its name out where it stands.');
        }
        return alarm.state === 'ALARM'
          ? fail(
              `${name} is in ALARM already`,
              'An alarm that rings before a deployment cannot tell what the deployment does: see to it first, or waive this check when the delivery is what mends it.',
            )
          : pass(`${name} is ${alarm.state}`);
      }),
      'no alarm is named',
    ),
  );
}
