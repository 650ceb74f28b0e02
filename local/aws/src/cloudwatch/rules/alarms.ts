import type { MetricDataQuery, PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import type { Rule } from '../../rules/rule.ts';
import { isStatistic, queryMistakes } from './queries.ts';

const PAGE = 'PutMetricAlarm - Amazon CloudWatch';
const DAY = 86_400; // seconds
/** Services that do something when an alarm changes. */
const ACTIONS = ['sns', 'automate', 'autoscaling', 'ssm', 'ssm-incidents', 'lambda', 'swf', 'aiops'];
/** What belongs to one metric, and not beside an expression of several. */
const OF_ONE = ['Namespace', 'Dimensions', 'Period', 'Statistic', 'ExtendedStatistic', 'Unit'] as const;

const alarm = (more: object) => ({
  AlarmName: 'orders-5xx',
  MetricName: 'HTTPCode_Target_5XX_Count',
  Namespace: 'AWS/ApplicationELB',
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 5,
  Threshold: 10,
  ComparisonOperator: 'GreaterThanThreshold',
  ...more,
});

export const alarmRules: readonly Rule[] = [
  {
    operations: ['PutMetricAlarm'],
    page: PAGE,
    says: 'An alarm watches one metric by a statistic, or an expression of several, one of which returns data.',
    code: 'ValidationError',
    mistakes: metricMistakes,
    shownBy: [
      alarm({ MetricName: undefined }),
      alarm({ Statistic: undefined }),
      alarm({ ExtendedStatistic: 'p99' }),
      alarm({ Metrics: [{ Id: 'm1' }] }),
      alarm({ Namespace: undefined }),
      alarm({ Period: undefined }),
      alarm({ Statistic: undefined, ExtendedStatistic: 'p101' }),
      alarm({ Statistic: undefined, ExtendedStatistic: 'median' }),
      alarm({ EvaluateLowSampleCountPercentile: 'ignore' }),
      { AlarmName: 'a', Metrics: [{ Id: 'm1', Expression: 'm2 * 2' }] },
      { AlarmName: 'a', Metrics: [{ Id: 'M1', Expression: '1' }] },
      { AlarmName: 'a', Metrics: [{ Id: 'm1' }, { Id: 'm2' }] },
      { AlarmName: 'a', Period: 60, Metrics: [{ Id: 'm1' }] },
    ],
  },
  {
    operations: ['PutMetricAlarm'],
    page: PAGE,
    says: 'A period is 10, 20, 30 or a multiple of 60 seconds; all periods together a day at most, seven where each has an hour.',
    code: 'ValidationError',
    *mistakes({ Period, EvaluationPeriods = 1, DatapointsToAlarm = 1 }: PutMetricAlarmCommandInput) {
      if (DatapointsToAlarm > EvaluationPeriods)
        yield 'DatapointsToAlarm must be less than or equal to EvaluationPeriods.';
      if (Period === undefined) return;
      if (![10, 20, 30].includes(Period) && Period % 60 !== 0)
        yield 'Period must be 10, 20, 30 or a multiple of 60.';
      if (Period * EvaluationPeriods > (Period >= 3_600 ? 7 * DAY : DAY))
        yield 'Metrics cannot be checked across more than a day, or seven days with periods of an hour (EvaluationPeriods * Period).';
    },
    shownBy: [
      alarm({ Period: 45 }),
      alarm({ EvaluationPeriods: 1_441 }),
      alarm({ DatapointsToAlarm: 6 }),
      alarm({ Period: 3_600, EvaluationPeriods: 169 }),
    ],
  },
  {
    operations: ['PutMetricAlarm'],
    page: PAGE,
    says: 'A threshold is a figure, or the band of an anomaly detector where the operator says so.',
    code: 'ValidationError',
    *mistakes({ Threshold, ThresholdMetricId, ComparisonOperator }: PutMetricAlarmCommandInput) {
      const band = /^LessThanLower|Upper/.test(ComparisonOperator ?? '');
      if (band !== (ThresholdMetricId !== undefined) || band === (Threshold !== undefined))
        yield 'An alarm has Threshold, or ThresholdMetricId with an operator of an anomaly detection band.';
    },
    shownBy: [
      alarm({ Threshold: undefined }),
      alarm({ ThresholdMetricId: 'ad1' }),
      alarm({ ComparisonOperator: 'GreaterThanUpperThreshold' }),
    ],
  },
  {
    operations: ['PutMetricAlarm'],
    page: PAGE,
    says: 'Missing data is breaching, notBreaching, ignore or missing; low samples are evaluated or ignored.',
    code: 'ValidationError',
    *mistakes(input: PutMetricAlarmCommandInput) {
      const { TreatMissingData = 'missing', EvaluateLowSampleCountPercentile: low = 'evaluate' } = input;
      if (!['breaching', 'notBreaching', 'ignore', 'missing'].includes(TreatMissingData))
        yield `Option ${TreatMissingData} is not supported for TreatMissingData.`;
      if (!['evaluate', 'ignore'].includes(low))
        yield `Option ${low} is not supported for EvaluateLowSampleCountPercentile.`;
    },
    shownBy: [alarm({ TreatMissingData: 'alarming' }), alarm({ EvaluateLowSampleCountPercentile: 'maybe' })],
  },
  {
    operations: ['PutMetricAlarm'],
    page: 'Dimension - Amazon CloudWatch',
    says: 'A dimension comes once, and its name does not begin with a colon.',
    code: 'InvalidParameterValue',
    *mistakes({ Dimensions = [] }: PutMetricAlarmCommandInput) {
      const names = Dimensions.map(({ Name = '' }) => Name);
      if (new Set(names).size < names.length)
        yield 'No Metric may specify the same dimension name more than once.';
      if (names.some((name) => name.startsWith(':'))) yield 'Dimension names cannot start with a colon.';
    },
    shownBy: [
      alarm({ Dimensions: [{ Name: ':d', Value: 'x' }] }),
      alarm({
        Dimensions: [
          { Name: 'd', Value: 'x' },
          { Name: 'd', Value: 'y' },
        ],
      }),
    ],
  },
  {
    operations: ['PutMetricAlarm'],
    page: PAGE,
    says: 'An action is an ARN, and a topic is one of the region of the alarm.',
    code: 'ValidationError',
    *mistakes(input: PutMetricAlarmCommandInput, { region }) {
      const { AlarmActions = [], OKActions = [], InsufficientDataActions = [] } = input;
      for (const action of [...AlarmActions, ...OKActions, ...InsufficientDataActions]) {
        const [arn, , service, of] = action.split(':');
        if (arn !== 'arn' || !ACTIONS.includes(service ?? '') || (service === 'sns' && of !== region))
          yield `Invalid region or arn in alarm action: ${action}`;
      }
    },
    shownBy: [
      alarm({ AlarmActions: ['page-me'] }),
      alarm({ OKActions: ['arn:aws:sqs:eu-west-1:000011112222:queue'] }),
      alarm({ InsufficientDataActions: ['arn:aws:sns:us-east-1:000011112222:topic'] }),
    ],
  },
  {
    operations: ['PutMetricAlarm'],
    page: 'Tag - Amazon CloudWatch',
    says: 'An alarm has 50 tags at most, none twice and none that begins with aws:.',
    code: 'InvalidParameterValue',
    *mistakes({ Tags = [] }: PutMetricAlarmCommandInput) {
      const keys = Tags.map(({ Key = '' }) => Key);
      if (keys.length > 50) yield 'An alarm has 50 tags at most.';
      if (new Set(keys).size < keys.length) yield 'Tag keys must be unique.';
      if (keys.some((key) => /^aws:/i.test(key))) yield 'Tag keys cannot begin with aws:.';
    },
    shownBy: [
      alarm({ Tags: [{ Key: 'aws:team', Value: 'x' }] }),
      alarm({
        Tags: [
          { Key: 'team', Value: 'x' },
          { Key: 'team', Value: 'y' },
        ],
      }),
      alarm({ Tags: Array.from({ length: 51 }, (_, i) => ({ Key: `k${i}`, Value: '' })) }),
    ],
  },
];

function* metricMistakes(input: PutMetricAlarmCommandInput): Iterable<string> {
  const { MetricName, Metrics, Statistic, ExtendedStatistic } = input;
  if ((MetricName === undefined) === (Metrics === undefined)) {
    yield 'Either MetricName or Metrics must be specified.';
    return;
  }
  const beside = Metrics ? OF_ONE.filter((name) => input[name] !== undefined) : [];
  if (beside.length > 0) yield `${beside.join(', ')} cannot be specified with Metrics.`;
  if (Metrics && Metrics.filter(returns).length !== 1)
    yield 'Exactly one element of the metrics list should return data.';
  if (!Metrics && (Statistic === undefined) === (ExtendedStatistic === undefined))
    yield 'Either Statistic or ExtendedStatistic must be specified.';
  if (!Metrics && (input.Namespace === undefined || input.Period === undefined))
    yield 'Namespace and Period must be specified with MetricName.';
  if (ExtendedStatistic !== undefined && !isStatistic(ExtendedStatistic))
    yield `The value ${ExtendedStatistic} for parameter ExtendedStatistic is not supported.`;
  if (input.EvaluateLowSampleCountPercentile !== undefined && !/^p\d/.test(ExtendedStatistic ?? ''))
    yield 'EvaluateLowSampleCountPercentile is for alarms on percentiles.';
  yield* queryMistakes(Metrics ?? []);
}

const returns = ({ ReturnData = true }: MetricDataQuery) => ReturnData;
