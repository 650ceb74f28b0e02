import { instant } from '@tenant-delivery/action-kit/instant';
import { type Digest, isDigest, SEVERITIES, type Severity } from '@tenant-delivery/domain';
import * as v from 'valibot';
import { endOf } from './answered-for.ts';
import { type DecidedRow, decideRows, hangsOnExploitation } from './decide-rows.ts';
import { asksExploitation, type Exploitation, rowKey } from './exploitation.ts';
import type { Finding } from './finding.ts';
import type { InspectedChild } from './inspected-child.ts';
import { mergeFindings } from './merge.ts';
import { type Counts, countFindings, type Policy } from './policy.ts';
import { severityBy } from './severity.ts';
import { whyStillUninspected } from './unscannable.ts';
import type { WaiverPlace } from './waiver.ts';
import { overdueWaivers, reportWaivers, type WaiverUse } from './waiver-report.ts';

const digest = v.custom<Digest>(
  (value) => typeof value === 'string' && isDigest(value),
  'must be sha256:… with 64 hex digits',
);
const severity = v.picklist(SEVERITIES);

/** The judgement of one image digest, good until `validUntil`. It speaks for the index and lists the children. */
export const verdictSchema = v.strictObject({
  schemaVersion: v.literal(1),
  subject: v.strictObject({ repositoryUri: v.string(), digest }),
  children: v.array(v.strictObject({ platform: v.string(), digest, scan: v.string() })),
  decision: v.picklist(['allow', 'deny']),
  /** Why it was denied, one sentence each; empty when it was allowed. */
  reasons: v.array(v.string()),
  counts: v.record(severity, v.number()),
  limits: v.record(severity, v.union([v.number(), v.literal('unlimited')])),
  /** The rows that deny the image, the worst first, at most a thousand. */
  blocking: v.array(
    v.strictObject({
      vulnerability: v.string(),
      severity,
      saidSeverity: v.string(),
      package: v.string(),
      version: v.string(),
      fixedIn: v.exactOptional(v.string()),
      uri: v.exactOptional(v.string()),
      platforms: v.array(v.string()),
      purl: v.exactOptional(v.string()),
      filePath: v.exactOptional(v.string()),
      /** The severity or the override that blocks it, and why. */
      rule: v.exactOptional(v.string()),
      why: v.exactOptional(v.string()),
    }),
  ),
  /** How many more do; all are in the findings document. */
  blockingMore: v.exactOptional(v.number()),
  /** Findings that a waiver covers and that would count without it, each with the waiver's owner. */
  waived: v.exactOptional(
    v.array(
      v.strictObject({
        vulnerability: v.string(),
        severity,
        package: v.string(),
        version: v.string(),
        owner: v.string(),
        approvedBy: v.string(),
        expires: v.string(),
      }),
    ),
  ),
  /** Platforms that no scanner understands and that are allowed anyway, each with who answers for it. */
  uninspected: v.exactOptional(
    v.array(
      v.strictObject({
        platform: v.string(),
        digest,
        why: v.string(),
        reason: v.string(),
        owner: v.string(),
        approvedBy: v.string(),
        expires: v.string(),
      }),
    ),
  ),
  /** Packages that no scanner sees, because no database of the image names them any more though their files are there. */
  vanished: v.exactOptional(
    v.array(v.strictObject({ platform: v.string(), digest, packages: v.array(v.string()) })),
  ),
  /** What could not be found out about the image, one sentence each. */
  notTold: v.exactOptional(v.array(v.string())),
  policyDigest: digest,
  floorDigest: digest,
  findingsDigest: digest,
  evaluatedAt: instant(),
  validUntil: instant(),
});

export type Verdict = v.InferOutput<typeof verdictSchema>;

export interface Judgement {
  readonly decision: 'allow' | 'deny';
  readonly reasonCode:
    | 'OK'
    | 'FINDINGS_OVER_LIMIT'
    | 'SCAN_NOT_EVIDENCE'
    | 'NOTHING_TO_INSPECT'
    | 'WAIVERS_UNUSED';
  readonly reasons: readonly string[];
  /** Every finding with its decision. */
  readonly rows: readonly DecidedRow[];
  readonly blocking: readonly DecidedRow[];
  /** Children that are no evidence, and deny it. */
  readonly unproven: readonly InspectedChild[];
  /** Children that are no evidence, and that the policy allows anyway. */
  readonly uninspected: readonly InspectedChild[];
  readonly counts: Counts;
  readonly waivers: readonly WaiverUse[];
  /** When a waiver or a grace that an allowance rests on ends, in milliseconds since the epoch. */
  readonly goodUntil?: number;
}

/** The findings whose decision depends on whether they are exploited. */
export function findingsThatHang(
  children: readonly InspectedChild[],
  policy: Policy,
  place: WaiverPlace,
): readonly Finding[] {
  if (!asksExploitation(policy)) return [];
  const said = children.flatMap((child) => child.findings.map((finding) => bySource(finding, policy)));
  return mergeFindings(said).filter((finding) => hangsOnExploitation(finding, policy, place));
}

/**
 * Every child must be proven, and no merged finding may block. Nothing to inspect is a denial. What is known about
 * exploitation is named by `rowKey`; what is not there is not known.
 */
export function judgeImage(
  children: readonly InspectedChild[],
  policy: Policy,
  place: WaiverPlace,
  known: ReadonlyMap<string, Exploitation> = new Map(),
): Judgement {
  const said = children.flatMap((child) => child.findings.map((finding) => bySource(finding, policy)));
  const merged = mergeFindings(said);
  const findings =
    known.size === 0 ? merged : merged.map((finding) => ({ ...finding, ...known.get(rowKey(finding)) }));
  const rows = decideRows(findings, policy, place);
  const judged = children.map((child) => ({ child, why: whyUnproven(child, policy, place) }));
  const unproven = judged.flatMap(({ child, why }) => (why === undefined ? [] : [{ child, why }]));
  const uninspected = judged.flatMap(({ child, why }) =>
    child.unproven !== undefined && why === undefined ? [child] : [],
  );
  const blocking = rows.filter(({ effect }) => effect === 'block');
  const waivers = reportWaivers(rows, policy.waivers, place.now);
  const idle = overdueWaivers(waivers, policy.terms, place);
  const reasons = [
    ...(children.length === 0
      ? ['the image has no child that a task could run, so nothing was inspected']
      : []),
    ...unproven.map(({ child, why }) => `${child.platform} (${child.digest}) is not proven: ${why}`),
    ...reasonsOf(blocking),
    ...idle.map(
      ({ waiver }) =>
        `the waiver of ${waiver.id} for ${waiver.package} has covered nothing since ${waiver.created}, and the floor allows ${policy.terms?.unusedDays} days of that`,
    ),
  ];
  const ends = [
    ...rows.flatMap(({ until, finding }) => (until !== undefined && blocks(policy, finding) ? [until] : [])),
    ...(uninspected.length > 0 && policy.unscannable ? [endOf(policy.unscannable.allowance)] : []),
  ];
  return {
    decision: reasons.length === 0 ? 'allow' : 'deny',
    reasonCode: reasonCodeOf(children.length, unproven.length, blocking.length, idle.length),
    reasons,
    rows,
    blocking,
    unproven: unproven.map(({ child }) => child),
    uninspected,
    counts: countFindings(findings),
    waivers,
    ...(ends.length > 0 && { goodUntil: ends.reduce((first, end) => Math.min(first, end)) }),
  };
}

/** One sentence for all rows that one rule blocks, severities first and from the worst down. */
function reasonsOf(blocking: readonly DecidedRow[]): readonly string[] {
  const counts = new Map<string, number>();
  const bySeverity = new Map<Severity, string>();
  for (const { rule, why, finding } of blocking) {
    if (rule === finding.severity) bySeverity.set(rule, why);
    else counts.set(rule, (counts.get(rule) ?? 0) + 1);
  }
  return [
    ...SEVERITIES.flatMap((severity) => bySeverity.get(severity) ?? []),
    ...[...counts]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(
        ([rule, count]) =>
          `${count} ${count === 1 ? 'finding is' : 'findings are'} blocked by the override ${rule}`,
      ),
  ];
}

function blocks({ rules, overrides }: Policy, { severity }: Finding): boolean {
  const { kev, exploitAvailable, epss } = overrides;
  const raised = [kev, exploitAvailable, epss?.action].includes('block');
  return raised || (rules[severity].action === 'block' && rules[severity].maxCount !== 'unlimited');
}

function reasonCodeOf(
  children: number,
  unproven: number,
  blocking: number,
  idle: number,
): Judgement['reasonCode'] {
  if (children === 0) return 'NOTHING_TO_INSPECT';
  if (unproven > 0) return 'SCAN_NOT_EVIDENCE';
  if (blocking > 0) return 'FINDINGS_OVER_LIMIT';
  return idle > 0 ? 'WAIVERS_UNUSED' : 'OK';
}

/** With the severity that the policy judges it by. */
function bySource(finding: Finding, { severityFrom = 'inspector' }: Policy): Finding {
  return severityFrom === 'inspector' ? finding : { ...finding, severity: severityBy(severityFrom, finding) };
}

/** Why a child is no evidence and may not be used without; nothing where it is, or where the policy allows it. */
function whyUnproven(child: InspectedChild, policy: Policy, place: WaiverPlace): string | undefined {
  const { unproven, unscannable, sbom = false } = child;
  if (unproven === undefined || !unscannable || !policy.unscannable) return unproven;
  const why = whyStillUninspected(policy.unscannable, place, sbom);
  return why.length === 0 ? undefined : [unproven, ...why].join('; ');
}
