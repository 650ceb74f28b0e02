import type { ServedRequest } from './requests.ts';

export interface DataPoint {
  /** Milliseconds since the epoch: the beginning of its period. */
  readonly at: number;
  readonly value: number;
}

/** What one request adds to a metric of AWS/ApplicationELB: one value, or nothing ("CloudWatch metrics for your Application Load Balancer"). */
export type Measure = (request: ServedRequest) => number | undefined;

export function measureOf(metric: string): Measure | undefined {
  const codes = /^HTTPCode_(Target|ELB)_([2-5])XX_Count$/.exec(metric);
  if (codes) {
    const by = codes[1] === 'Target' ? 'target' : 'balancer';
    return (request) =>
      request.by === by && Math.floor(request.status / 100) === Number(codes[2]) ? 1 : undefined;
  }
  // "only incremented for requests where the load balancer node was able to choose a target"
  if (metric === 'RequestCount') return ({ group }) => (group === undefined ? undefined : 1);
  // of a target that refused the connection: the balancer answers 502 in its place
  if (metric === 'TargetConnectionErrorCount')
    return ({ by, group, status }) =>
      by === 'balancer' && group !== undefined && status === 502 ? 1 : undefined;
  if (metric === 'TargetResponseTime') return ({ seconds }) => seconds;
  return undefined;
}

/** A statistic by its name: `Sum`, `p95`; undefined for one that is not known here. */
export function statisticOf(name: string): ((values: readonly number[]) => number) | undefined {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const percentile = /^p(\d{1,2}(?:\.\d+)?|100)$/.exec(name);
  if (percentile) return (values) => rank(values, Number(percentile[1]) / 100);
  switch (name) {
    case 'Sum':
      return sum;
    case 'SampleCount':
      return (values) => values.length;
    case 'Average':
      return (values) => sum(values) / values.length;
    case 'Minimum':
      return (values) => Math.min(...values);
    case 'Maximum':
      return (values) => Math.max(...values);
    default:
      return undefined;
  }
}

function rank(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

/** One point for each period in which anything was measured, oldest first. `from` begins the first period, `until` ends the last. */
export function dataPoints(
  values: readonly DataPoint[],
  span: { readonly from: number; readonly until: number; readonly period: number },
  statistic: (values: readonly number[]) => number,
): readonly DataPoint[] {
  const periods = new Map<number, number[]>();
  for (const { at, value } of values) {
    if (at < span.from || at >= span.until) continue;
    const begin = span.from + Math.floor((at - span.from) / span.period) * span.period;
    periods.set(begin, [...(periods.get(begin) ?? []), value]);
  }
  return [...periods].sort(([a], [b]) => a - b).map(([at, measured]) => ({ at, value: statistic(measured) }));
}
