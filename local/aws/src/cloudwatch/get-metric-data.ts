import type {
  Dimension,
  GetMetricDataCommandInput,
  GetMetricDataCommandOutput,
  MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import type { Output } from '../services/output.ts';
import { AwsError, type Call } from '../world/service.ts';
import { pageStart } from './describe-alarms.ts';
import { requestsOf, type ServedRequest } from './requests.ts';
import { type DataPoint, dataPoints, measureOf, statisticOf } from './statistics.ts';

const MINUTE = 60_000;

/** What the load balancers of this world measured. A page ends after MaxDatapoints, wherever that is. */
export function getMetricData(
  input: GetMetricDataCommandInput,
  call: Call,
): Output<GetMetricDataCommandOutput> {
  const { MetricDataQueries: queries = [], StartTime, EndTime, ScanBy, NextToken } = input;
  const { MaxDatapoints = 100_800 } = input;
  if (!StartTime || !EndTime || StartTime >= EndTime) throw invalid('StartTime must be less than EndTime.');
  if (queries.length > 500) throw invalid('MetricDataQueries cannot have more than 500 elements.');
  if (new Set(queries.map(({ Id }) => Id)).size < queries.length) throw invalid('Each Id must be unique.');
  const from = Math.floor(StartTime.getTime() / MINUTE) * MINUTE;
  const until = Math.min(EndTime.getTime(), call.world.clock.now() + 1);
  const all = queries.map((query) => ({ query, points: pointsOf(query, from, until, call) }));
  const total = all.reduce((sum, { points }) => sum + points.length, 0);
  const start = pageStart(NextToken, total);
  const end = start + MaxDatapoints;
  let passed = 0;
  const results = all
    .filter(({ query }) => query.ReturnData ?? true)
    .map(({ query, points }) => {
      const ordered = ScanBy === 'TimestampAscending' ? points : [...points].reverse();
      const page = ordered.slice(Math.max(0, start - passed), Math.max(0, end - passed));
      passed += points.length;
      return {
        Id: query.Id,
        Label: query.Label ?? query.MetricStat?.Metric?.MetricName,
        Timestamps: page.map(({ at }) => new Date(at)),
        Values: page.map(({ value }) => value),
        StatusCode: passed > end ? ('PartialData' as const) : ('Complete' as const),
      };
    });
  return { MetricDataResults: results, Messages: [], ...(end < total ? { NextToken: String(end) } : {}) };
}

function pointsOf(
  { Id, MetricStat, Expression }: MetricDataQuery,
  from: number,
  until: number,
  { world, account, region }: Call,
): readonly DataPoint[] {
  if (Expression !== undefined || !MetricStat) {
    throw new AwsError(
      'NotImplemented',
      `local-aws evaluates no expressions: the query ${Id} must have a MetricStat.`,
      501,
    );
  }
  const { Metric: metric, Period: period = 0, Stat = '' } = MetricStat;
  const name = metric?.MetricName ?? '';
  const measure = metric?.Namespace === 'AWS/ApplicationELB' ? measureOf(name) : undefined;
  if (!measure)
    throw new AwsError('NotImplemented', `local-aws does not measure ${metric?.Namespace} ${name}.`, 501);
  const statistic = statisticOf(Stat);
  if (!statistic) throw new AwsError('NotImplemented', `local-aws does not know the statistic ${Stat}.`, 501);
  if (period < 60 || period % 60 !== 0) throw invalid('Period must be a multiple of 60.');
  const belongs = belongsTo(metric?.Dimensions ?? [], name);
  const values = requestsOf(world, account, region).flatMap((request) => {
    const value = belongs(request) ? measure(request) : undefined;
    return value === undefined ? [] : [{ at: request.at, value }];
  });
  return dataPoints(values, { from, until, period: period * 1_000 }, statistic);
}

/** Metrics exist by balancer, and by target group and balancer; what the balancer answered itself, by balancer alone. */
function belongsTo(dimensions: readonly Dimension[], metric: string): (request: ServedRequest) => boolean {
  const given = new Map(dimensions.map(({ Name, Value }) => [Name, Value]));
  const balancer = given.get('LoadBalancer');
  const group = given.get('TargetGroup');
  const exists =
    balancer !== undefined &&
    given.size === (group === undefined ? 1 : 2) &&
    (group === undefined || !metric.startsWith('HTTPCode_ELB_'));
  return (request) =>
    exists &&
    request.balancer.endsWith(`:loadbalancer/${balancer}`) &&
    (group === undefined || (request.group?.endsWith(`:${group}`) ?? false));
}

const invalid = (message: string) => new AwsError('InvalidParameterValueException', message);
