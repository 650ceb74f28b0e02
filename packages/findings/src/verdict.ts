import { instant } from '@tenant-delivery/action-kit/instant';
import { type Digest, isDigest, SEVERITIES } from '@tenant-delivery/domain';
import * as v from 'valibot';
import type { Finding, ImageChild } from './finding.ts';
import { mergeFindings } from './merge.ts';
import { countFindings, exceeded, type Limits } from './policy.ts';

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
  /** The rows of every severity that is over its limit. */
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
    }),
  ),
  policyDigest: digest,
  floorDigest: digest,
  findingsDigest: digest,
  evaluatedAt: instant(),
  validUntil: instant(),
});

export type Verdict = v.InferOutput<typeof verdictSchema>;

/** One child's inspection as it stood when we stopped looking. */
export interface InspectedChild extends ImageChild {
  /** The registry's status word. */
  readonly scan: string;
  /** Set when the inspection is no evidence: why. */
  readonly unproven?: string;
  readonly findings: readonly Finding[];
}

export interface Judgement {
  readonly decision: 'allow' | 'deny';
  readonly reasonCode: 'OK' | 'FINDINGS_OVER_LIMIT' | 'SCAN_NOT_EVIDENCE' | 'NOTHING_TO_INSPECT';
  readonly reasons: readonly string[];
  readonly findings: readonly Finding[];
  readonly blocking: readonly Finding[];
  readonly counts: ReturnType<typeof countFindings>;
}

/** Every child must be proven, and the merged findings must be inside every limit. Nothing to inspect is a denial. */
export function judgeImage(children: readonly InspectedChild[], limits: Limits): Judgement {
  const findings = mergeFindings(children.flatMap((child) => child.findings));
  const counts = countFindings(findings);
  const over = exceeded(counts, limits);
  const unproven = children.filter((child) => child.unproven !== undefined);
  const blocking = findings.filter((finding) => over.includes(finding.severity));
  const reasons = [
    ...(children.length === 0
      ? ['the image has no child that a task could run, so nothing was inspected']
      : []),
    ...unproven.map((child) => `${child.platform} (${child.digest}) is not proven: ${child.unproven}`),
    ...over.map(
      (name) =>
        `${counts[name]} ${name} ${counts[name] === 1 ? 'finding' : 'findings'}, at most ${limits[name]} allowed`,
    ),
  ];
  return {
    decision: reasons.length === 0 ? 'allow' : 'deny',
    reasonCode: reasonCodeOf(children.length, unproven.length, over.length),
    reasons,
    findings,
    blocking,
    counts,
  };
}

function reasonCodeOf(children: number, unproven: number, over: number): Judgement['reasonCode'] {
  if (children === 0) return 'NOTHING_TO_INSPECT';
  if (unproven > 0) return 'SCAN_NOT_EVIDENCE';
  return over > 0 ? 'FINDINGS_OVER_LIMIT' : 'OK';
}
