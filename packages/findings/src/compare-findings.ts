import { SEVERITIES, type Severity } from '@tenant-delivery/domain';
import * as v from 'valibot';
import type { DecidedRow } from './decide-rows.ts';
import { type Finding, saysWhatItIsAbout } from './finding.ts';
import { severityOf, worst } from './severity.ts';
import { waiverKey } from './waiver.ts';

/** The part of a findings document that a comparison needs. Every release has written at least this. */
export const comparableFindings = v.object({
  schemaVersion: v.literal(1),
  findings: v.array(
    v.object({
      vulnerability: v.string(),
      package: v.string(),
      filePath: v.optional(v.string()),
      severity: v.optional(v.string()),
      effect: v.optional(v.string()),
      until: v.optional(v.string()),
      waiver: v.optional(v.object({ id: v.string(), package: v.string() })),
    }),
  ),
});
export type ComparableFindings = v.InferOutput<typeof comparableFindings>;
type Comparable = ComparableFindings['findings'][number];

/** What one image has that another had not. A vulnerability that only changed its package's version is the same one. */
export interface Comparison {
  readonly fresh: readonly DecidedRow[];
  readonly fixed: readonly Comparable[];
  readonly unchanged: number;
}

export function compareFindings(rows: readonly DecidedRow[], before: ComparableFindings): Comparison {
  const old = new Map(before.findings.map((finding) => [identityOf(finding), finding]));
  const now = new Set(rows.map(({ finding }) => identityOf(finding)));
  const fresh = rows.filter(({ finding }) => !old.has(identityOf(finding)));
  return {
    fresh,
    fixed: [...old].filter(([identity]) => !now.has(identity)).map(([, finding]) => finding),
    unchanged: rows.length - fresh.length,
  };
}

/**
 * What the running version has: for each finding, the mildest severity with which it was accepted there. An unknown severity
 * is kept beside it, because it is neither milder nor worse.
 */
export type Deployed = ReadonlyMap<string, Severity>;

/** A finding with a waiver or a grace was not accepted: it counts when that ends. */
export function deployedFindings({ findings }: ComparableFindings): Deployed {
  const found = new Map<string, Severity>();
  for (const finding of findings) {
    const severity = severityOf(finding.severity);
    const identity = acceptanceOf(finding, severity);
    const before = found.get(identity);
    found.set(identity, before === undefined || worst(before, severity) === before ? severity : before);
  }
  const never = findings.filter(
    ({ effect, until, severity }) =>
      effect === undefined || effect === 'waived' || until !== undefined || severity === undefined,
  );
  for (const finding of never)
    for (const severity of SEVERITIES) found.delete(acceptanceOf(finding, severity));
  return found;
}

function acceptanceOf(finding: Comparable | Finding, severity: Severity): string {
  return `${severity === 'unknown' ? 'unknown ' : ''}${identityOf(finding)}`;
}

/** The waivers that the version that runs still needs. */
export function neededWaivers({ findings }: ComparableFindings): ReadonlySet<string> {
  return new Set(findings.flatMap(({ waiver }) => (waiver ? [waiverKey(waiver)] : [])));
}

/**
 * Whether the running version has the same finding, at a severity that was no milder. A finding that does not say what it is
 * about equals no other.
 */
export function isDeployed(finding: Finding, deployed: Deployed | undefined): boolean {
  if (!saysWhatItIsAbout(finding)) return false;
  const before = deployed?.get(acceptanceOf(finding, finding.severity));
  return before !== undefined && worst(before, finding.severity) === before;
}

function identityOf({ vulnerability, package: name, filePath = '' }: Comparable | Finding): string {
  return JSON.stringify([vulnerability, name, filePath]);
}
