import { SEVERITIES, type Severity } from '@tenant-delivery/domain';
import type { Finding } from './finding.ts';

/** The most findings of a severity that an image may have. */
export type Limit = number | 'unlimited';

export type Limits = Readonly<Record<Severity, Limit>>;

export type Counts = Readonly<Record<Severity, number>>;

export function countFindings(findings: readonly Finding[]): Counts {
  const counts = Object.fromEntries(SEVERITIES.map((severity) => [severity, 0])) as Record<Severity, number>; // every severity is a key
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

/** The severities that have more findings than their limit, worst first. */
export function exceeded(counts: Counts, limits: Limits): readonly Severity[] {
  return SEVERITIES.filter((severity) => {
    const limit = limits[severity];
    return limit !== 'unlimited' && counts[severity] > limit;
  });
}
