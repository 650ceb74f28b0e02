import type {
  DescribeAlarmsCommandInput,
  DescribeAlarmsCommandOutput,
  MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import type { Output } from '../services/output.ts';
import { AwsError, type Call } from '../world/service.ts';
import { type Alarm, alarmsOf } from './alarms.ts';

/** Metric alarms by name; a name that does not exist is passed over, as in CloudWatch. */
export function describeAlarms(
  input: DescribeAlarmsCommandInput,
  { world, account, region }: Call,
): Output<DescribeAlarmsCommandOutput> {
  const { AlarmNames, AlarmNamePrefix, AlarmTypes, StateValue, MaxRecords = 50, NextToken } = input;
  const unsupported = (['ActionPrefix', 'ChildrenOfAlarmName', 'ParentsOfAlarmName'] as const).filter(
    (member) => input[member] !== undefined,
  );
  if (unsupported.length > 0)
    throw new AwsError('NotImplemented', `local-aws does not support: ${unsupported.join(', ')}.`, 501);
  if (AlarmNames && AlarmNamePrefix !== undefined) {
    throw new AwsError(
      'InvalidParameterCombinationException',
      'AlarmNames and AlarmNamePrefix cannot be specified together.',
    );
  }
  if ((AlarmNames?.length ?? 0) > 100) throw invalid('AlarmNames cannot have more than 100 elements.');
  if (MaxRecords < 1 || MaxRecords > 100) throw invalid('MaxRecords must be between 1 and 100.');
  const metricAlarms = !AlarmTypes?.length || AlarmTypes.includes('MetricAlarm');
  const fitting = Object.values(alarmsOf(world, account, region))
    .filter(
      ({ name, state }) =>
        metricAlarms &&
        (!AlarmNames || AlarmNames.includes(name)) &&
        name.startsWith(AlarmNamePrefix ?? '') &&
        (StateValue === undefined || StateValue === state),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const from = pageStart(NextToken, fitting.length);
  const to = from + MaxRecords;
  return {
    MetricAlarms: fitting.slice(from, to).map(describe),
    CompositeAlarms: [],
    ...(to < fitting.length ? { NextToken: String(to) } : {}),
  };
}

/** The position that a token names. */
export function pageStart(token: string | undefined, length: number): number {
  const from = token === undefined ? 0 : Number(token);
  if (token === '' || !Number.isInteger(from) || from < 0 || from > length) {
    throw new AwsError('InvalidNextToken', 'The next token is not valid.');
  }
  return from;
}

/** What an alarm measures of which only the state was set. */
const UNSAID = {
  Namespace: 'AWS/ApplicationELB',
  MetricName: 'HTTPCode_Target_5XX_Count',
  Dimensions: [],
  Statistic: 'Sum' as const,
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold' as const,
  TreatMissingData: 'notBreaching',
};

function describe(alarm: Alarm): MetricAlarm {
  return {
    AlarmName: alarm.name,
    AlarmArn: alarm.arn,
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.createdAt),
    ActionsEnabled: alarm.rule !== undefined,
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    StateValue: alarm.state,
    StateReason: alarm.reason,
    StateUpdatedTimestamp: new Date(alarm.updatedAt),
    StateTransitionedTimestamp: new Date(alarm.changedAt),
    ...(alarm.rule ?? UNSAID),
  };
}

const invalid = (message: string) => new AwsError('InvalidParameterValueException', message);
