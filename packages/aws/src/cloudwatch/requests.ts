import type { RequestMetrics } from '@tenant-delivery/deployment/observed';
import type { MetricReader } from '@tenant-delivery/deployment/ports';
import type { Role } from '@tenant-delivery/domain';
import { everyRow } from '../errors/every-row.ts';
import { required } from '../errors/translate.ts';
import { failures } from '../failures.ts';
import type { Session } from '../session/session.ts';
import { cloudwatchClient } from './cloudwatch-client.ts';

const ACTION = 'cloudwatch:GetMetricData';
const MINUTE = 60; // seconds: how often a balancer sends metrics
const LONGEST = 86_400; // seconds: the longest period of a statistic

/**
 * What an Application Load Balancer measured of one target group ("CloudWatch metrics for your Application Load
 * Balancer"). Errors are the targets' 5xx answers and the connections they refused. CloudWatch does not count by
 * target group what the balancer answers itself.
 */
export function cloudwatchRequests(session: Pick<Session, 'clientConfig'>, role: Role): MetricReader {
  const cloudwatch = cloudwatchClient(session.clientConfig(role));
  return {
    requests: async (loadBalancer, targetGroup, from, until) => {
      const [start, end] = [Math.ceil(from / 60_000) * MINUTE, Math.floor(until / 60_000) * MINUTE];
      if (end <= start) return { requests: 0, errors: 0, p95Milliseconds: undefined, samples: 0 };
      const asked = {
        StartTime: new Date(start * 1000),
        EndTime: new Date(end * 1000),
        MetricDataQueries: queriesOf(loadBalancer, targetGroup, Math.min(LONGEST, end - start)),
      };
      const pages = cloudwatch.pages((sdk, client) => sdk.paginateGetMetricData({ client }, asked));
      const values = new Map<string, number[]>();
      for (const { Id, StatusCode, Values = [] } of await everyRow(ACTION, pages, 'MetricDataResults')) {
        const id = required(Id, 'MetricDataResults[].Id');
        refuse(id, StatusCode);
        values.set(id, [...(values.get(id) ?? []), ...Values]);
      }
      return metricsOf(values);
    },
  };
}

/** A successful answer can contain a failed query. */
function refuse(id: string, status: string | undefined): void {
  if (status === 'Forbidden') throw failures.awsDenied(ACTION, `${id}: ${status}`);
  if (status === 'InternalError') throw failures.awsUnavailable(ACTION, `${id}: ${status}`);
}

function queriesOf(loadBalancer: string, targetGroup: string, span: number) {
  const dimensions = [
    { Name: 'LoadBalancer', Value: loadBalancer.replace(/^.*:loadbalancer\//, '') },
    { Name: 'TargetGroup', Value: targetGroup.replace(/^.*:(?=targetgroup\/)/, '') },
  ];
  const query = (Id: string, MetricName: string, Stat: string, Period: number) => ({
    Id,
    MetricStat: {
      Metric: { Namespace: 'AWS/ApplicationELB', MetricName, Dimensions: dimensions },
      Period,
      Stat,
    },
  });
  return [
    query('requests', 'RequestCount', 'Sum', MINUTE),
    query('failed', 'HTTPCode_Target_5XX_Count', 'Sum', MINUTE),
    query('refused', 'TargetConnectionErrorCount', 'Sum', MINUTE),
    query('p95', 'TargetResponseTime', 'p95', span), // over the whole span, because percentiles cannot be averaged
  ];
}

/** If CloudWatch splits the span in two, the slower part counts. */
function metricsOf(values: ReadonlyMap<string, readonly number[]>): RequestMetrics {
  const of = (id: string) => values.get(id) ?? [];
  const sum = (id: string) => of(id).reduce((total, value) => total + value, 0);
  const [requests, slowest] = [sum('requests'), Math.max(...of('p95'))];
  return {
    requests,
    errors: Math.min(requests, sum('failed') + sum('refused')),
    p95Milliseconds: Number.isFinite(slowest) ? slowest * 1000 : undefined,
    samples: of('requests').filter((count) => count > 0).length,
  };
}
