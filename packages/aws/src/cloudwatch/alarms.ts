import type { AlarmState } from '@tenant-delivery/deployment/observed';
import type { AlarmReader } from '@tenant-delivery/deployment/ports';
import type { Json, Role } from '@tenant-delivery/domain';
import { numberIn, objectsIn, textIn } from '../by-hand/json-answer.ts';
import { jsonCaller } from '../by-hand/signed-call.ts';
import { required, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { CLOUDWATCH } from './cloudwatch.ts';

const AT_ONCE = 100; // the most names that DescribeAlarms takes

/** The states of CloudWatch alarms, of metrics and composite ones. */
export function cloudwatchAlarms(session: Pick<Session, 'clientConfig'>, role: Role): AlarmReader {
  const call = jsonCaller(CLOUDWATCH, session.clientConfig(role));
  const named = async (names: readonly string[]): Promise<readonly AlarmState[]> => {
    const found: AlarmState[] = [];
    for (let token: string | undefined; ; ) {
      const answer = await translated(
        'cloudwatch:DescribeAlarms',
        call('DescribeAlarms', {
          AlarmNames: names,
          AlarmTypes: ['MetricAlarm', 'CompositeAlarm'], // without it, composite ones are left out
          MaxRecords: AT_ONCE,
          ...(token && { NextToken: token }),
        }),
      );
      const metric = required(objectsIn(answer, 'MetricAlarms'), 'MetricAlarms');
      found.push(...[...metric, ...(objectsIn(answer, 'CompositeAlarms') ?? [])].map(alarmOf));
      token = textIn(answer, 'NextToken');
      if (!token) return found;
    }
  };
  return {
    alarms: async (names) => {
      const pages = Array.from({ length: Math.ceil(names.length / AT_ONCE) }, (_, page) =>
        named(names.slice(page * AT_ONCE, (page + 1) * AT_ONCE)),
      );
      return (await Promise.all(pages)).flat();
    },
  };
}

/** Times are seconds since the epoch. `StateUpdatedTimestamp` moves without a change of the state, so it is not asked. */
function alarmOf(alarm: Json): AlarmState {
  const since = numberIn(alarm, 'StateTransitionedTimestamp');
  return {
    name: required(textIn(alarm, 'AlarmName'), 'MetricAlarms[].AlarmName'),
    state: required(textIn(alarm, 'StateValue'), 'MetricAlarms[].StateValue'),
    reason: textIn(alarm, 'StateReason'),
    since: since === undefined ? undefined : Math.round(since * 1000),
  };
}
