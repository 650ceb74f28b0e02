import { MINUTE } from '@tenant-delivery/domain';
import { causesOf, certainFailure, sayCause } from '../cause/causes.ts';
import type { RequestMetrics, Task } from '../observed.ts';
import { utcOf } from '../plain-names.ts';
import { type AlarmObservation, type JudgedAlarm, judgeAlarms } from './alarms.ts';
import { type JudgedSlo, judgeSlo, type Slo } from './slo.ts';

/** ELB sends metrics each minute and CloudWatch shows them later: what is younger is not complete. */
export const METRICS_LATE = 3 * MINUTE;
/** How often a later run is worth it while only samples are missing. */
const SAMPLES_EVERY = 15 * MINUTE;
const LEAST_EXTENSION = 60 * MINUTE;

/** What a bake must show: a time, a number of samples, quiet alarms, and requests within the SLO. */
export interface BakeTerms {
  readonly minutes: number;
  /** Minutes with requests where there is an SLO; looks at the targets where there is none. */
  readonly samples: number;
  readonly alarms: readonly string[];
  readonly slo: Slo | undefined;
}

/** Times in milliseconds since the epoch. */
export interface BakeFacts {
  readonly terms: BakeTerms;
  /** When all tasks were healthy. */
  readonly beganAt: number;
  /** When the deployment began. */
  readonly deployedFrom: number;
  readonly now: number;
  /** The first one at the start of the bake. */
  readonly alarms: readonly AlarmObservation[];
  /** Where there is an SLO. */
  readonly metrics: RequestMetrics | undefined;
  /** Good looks at the targets. */
  readonly looks: number;
  /** Tasks of this deployment that stopped since the bake began. */
  readonly stopped: readonly Task[];
}

export interface BakeJudgement {
  /** `going`: look again, not before `until`. */
  readonly verdict: 'going' | 'healthy' | 'unhealthy' | 'inconclusive';
  readonly until: number;
  readonly why: readonly string[];
  readonly alarms: readonly JudgedAlarm[];
  readonly slo: JudgedSlo | undefined;
}

/** When the time of a bake is over and what was measured in it can be read. */
export function bakeEnd({ minutes, slo }: Pick<BakeTerms, 'minutes' | 'slo'>, beganAt: number): number {
  return beganAt + minutes * MINUTE + (slo ? METRICS_LATE : 0);
}

/** How long a bake waits for samples before it ends without a verdict: as long again, and at least an hour. */
export function bakeLimit({ minutes }: Pick<BakeTerms, 'minutes'>, beganAt: number): number {
  return beganAt + minutes * MINUTE + Math.max(minutes * MINUTE, LEAST_EXTENSION);
}

/**
 * The spans to measure requests in, the narrowest first; a wider one counts only where the narrower has too few
 * samples. A later run so measures the bake and not whatever came after it.
 */
export function bakeSpans(
  terms: Pick<BakeTerms, 'minutes'>,
  beganAt: number,
  now: number,
): readonly { readonly from: number; readonly until: number }[] {
  const end = beganAt + terms.minutes * MINUTE;
  const limit = Math.min(now, bakeLimit(terms, beganAt));
  return [
    { from: beganAt, until: Math.min(now, end) },
    ...(limit > end ? [{ from: beganAt, until: limit }] : []),
  ];
}

/**
 * Bad news ends a bake at once. Good news needs all of the time and all of the samples, and what cannot be told by then
 * is `inconclusive`, never healthy.
 */
export function judgeBake(seen: BakeFacts): BakeJudgement {
  const { terms, beganAt, now } = seen;
  const alarms = judgeAlarms(terms.alarms, seen.alarms, seen.deployedFrom);
  const slo = terms.slo && seen.metrics && judgeSlo(terms.slo, seen.metrics);
  const ended = (verdict: BakeJudgement['verdict'], why: readonly string[]) => ({
    verdict,
    until: now,
    why,
    alarms,
    slo,
  });
  const crashed = certainFailure(causesOf(seen.stopped), 0);
  const bad = [
    ...alarms.filter(({ verdict }) => verdict === 'caused').map(({ says }) => says),
    ...(crashed ? [`tasks stopped: ${sayCause(crashed)}. ${crashed.advice}`] : []),
  ];
  if (bad.length > 0) return ended('unhealthy', bad);
  const end = bakeEnd(terms, beganAt);
  if (now < end) {
    return { ...ended('going', [`the bake ends at ${utcOf(end)}`]), until: end };
  }
  const samples = terms.slo ? (seen.metrics?.samples ?? 0) : seen.looks;
  const limit = bakeLimit(terms, beganAt);
  if (samples < terms.samples && now < limit) {
    const on = `${samples} of ${terms.samples} ${terms.slo ? 'minutes with requests' : 'looks'}`;
    return { ...ended('going', [on]), until: terms.slo ? Math.min(limit, now + SAMPLES_EVERY) : now };
  }
  if (slo?.verdict === 'missed' && samples >= terms.samples) return ended('unhealthy', slo.says);
  const open = [
    ...alarms.filter(({ verdict }) => verdict === 'before' || verdict === 'unknown').map(({ says }) => says),
    ...(terms.slo && !slo ? ['requests were not measured'] : []),
    ...(slo && slo.verdict !== 'met' ? slo.says : []),
    ...(samples < terms.samples ? [`there were ${samples} of ${terms.samples} samples`] : []),
  ];
  return open.length > 0 ? ended('inconclusive', open) : ended('healthy', []);
}
