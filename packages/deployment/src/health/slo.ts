import type { RequestMetrics } from '../observed.ts';

/** What requests must get at the target group. */
export interface Slo {
  /** Per cent of the requests that may fail. */
  readonly errorPercent?: number | undefined;
  readonly p95Milliseconds?: number | undefined;
}

export interface JudgedSlo {
  readonly verdict: 'met' | 'missed' | 'unknown';
  /** A sentence for each figure that is missed, or that was not measured. */
  readonly says: readonly string[];
}

export function errorPercentOf({ requests, errors }: RequestMetrics): number | undefined {
  return requests === 0 ? undefined : (errors / requests) * 100;
}

/** No requests are no evidence: neither met nor missed. */
export function judgeSlo(slo: Slo, metrics: RequestMetrics): JudgedSlo {
  const percent = errorPercentOf(metrics);
  if (percent === undefined) return { verdict: 'unknown', says: ['there were no requests, so no evidence'] };
  const missed = [
    ...(slo.errorPercent !== undefined && percent > slo.errorPercent
      ? [`${round(percent)} % of ${metrics.requests} requests failed, and ${slo.errorPercent} % may`]
      : []),
    ...(slo.p95Milliseconds !== undefined && (metrics.p95Milliseconds ?? 0) > slo.p95Milliseconds
      ? [
          `the p95 latency is ${round(metrics.p95Milliseconds ?? 0)} ms, and ${slo.p95Milliseconds} ms are allowed`,
        ]
      : []),
  ];
  if (missed.length > 0) return { verdict: 'missed', says: missed };
  return slo.p95Milliseconds !== undefined && metrics.p95Milliseconds === undefined
    ? { verdict: 'unknown', says: ['no latency was measured'] }
    : { verdict: 'met', says: [] };
}

/** Two digits after the point are enough to compare with, and few enough to read. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
