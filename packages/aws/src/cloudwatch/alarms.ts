import type { CompositeAlarm, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { AlarmState } from '@tenant-delivery/deployment/observed';
import type { AlarmReader } from '@tenant-delivery/deployment/ports';
import type { Role } from '@tenant-delivery/domain';
import { required, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { cloudwatchClient } from './cloudwatch-client.ts';

const AT_ONCE = 100; // the most names that DescribeAlarms takes

/** The states of CloudWatch alarms, of metrics and composite ones. */
export function cloudwatchAlarms(
  session: Pick<Session, 'clientConfig'>,
  role: Role,
  region?: string,
): AlarmReader {
  const config = session.clientConfig(role);
  const cloudwatch = cloudwatchClient(region === undefined ? config : { ...config, region });
  const named = async (names: readonly string[]): Promise<readonly AlarmState[]> => {
    const found: AlarmState[] = [];
    const pages = cloudwatch.pages((sdk, client) =>
      sdk.paginateDescribeAlarms(
        { client, pageSize: AT_ONCE },
        // without the types, CloudWatch leaves out composite alarms
        { AlarmNames: [...names], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] },
      ),
    );
    for await (const { MetricAlarms, CompositeAlarms = [] } of pages)
      found.push(...[...required(MetricAlarms, 'MetricAlarms'), ...CompositeAlarms].map(alarmOf));
    return found;
  };
  return {
    alarms: async (names) => {
      const parts = Array.from({ length: Math.ceil(names.length / AT_ONCE) }, (_, part) =>
        translated('cloudwatch:DescribeAlarms', named(names.slice(part * AT_ONCE, (part + 1) * AT_ONCE))),
      );
      return (await Promise.all(parts)).flat();
    },
  };
}

/** `StateUpdatedTimestamp` can change while the state stays the same, so we do not use it. */
function alarmOf(alarm: MetricAlarm | CompositeAlarm): AlarmState {
  return {
    name: required(alarm.AlarmName, 'MetricAlarms[].AlarmName'),
    state: required(alarm.StateValue, 'MetricAlarms[].StateValue'),
    reason: alarm.StateReason,
    since: alarm.StateTransitionedTimestamp?.getTime(),
  };
}
