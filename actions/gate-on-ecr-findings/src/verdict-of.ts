import { type Digest, HOUR, type Image } from '@tenant-delivery/domain';
import type { DecidedRow } from '@tenant-delivery/findings/decide-rows';
import type { InspectedChild } from '@tenant-delivery/findings/inspected-child';
import { orderRows } from '@tenant-delivery/findings/order-rows';
import { mapSeverities, type Policy } from '@tenant-delivery/findings/policy';
import type { Judgement, Verdict } from '@tenant-delivery/findings/verdict';

const BLOCKING = 1_000; // rows in the verdict, which every later step reads; the findings document has all

/** What an image is judged by, with the documents that say so. */
export interface JudgedBy {
  readonly policy: Policy;
  readonly policyDigest: Digest;
  readonly floorDigest: Digest;
  readonly findingsDigest: Digest;
  /** How long the verdict is good. */
  readonly hours: number;
  /** What the build could not tell. */
  readonly notTold?: readonly string[];
}

/** The decision as a document, good for the hours of the contract, or until a waiver or a grace that it rests on ends. */
export function verdictOf(
  image: Image,
  children: readonly InspectedChild[],
  judgement: Judgement,
  { policy, policyDigest, floorDigest, findingsDigest, hours, notTold = [] }: JudgedBy,
  now: number,
): Verdict {
  const waived = waivedOf(judgement);
  const vanished = children.flatMap(({ platform, digest, vanished: packages = [] }) =>
    packages.length === 0 ? [] : [{ platform, digest, packages: [...packages] }],
  );
  const uninspected = uninspectedOf(judgement, policy);
  const told = orderRows(judgement.blocking).slice(0, BLOCKING);
  const more = judgement.blocking.length - told.length;
  const until = Math.min(now + hours * HOUR, judgement.goodUntil ?? Number.POSITIVE_INFINITY);
  return {
    schemaVersion: 1,
    subject: { repositoryUri: image.repositoryUri, digest: image.digest },
    children: children.map(({ platform, digest, scan }) => ({ platform, digest, scan })),
    decision: judgement.decision,
    reasons: [...judgement.reasons],
    counts: { ...judgement.counts },
    limits: mapSeverities((severity) => policy.rules[severity].maxCount),
    blocking: told.map(({ finding, rule, why }) => ({
      vulnerability: finding.vulnerability,
      severity: finding.severity,
      saidSeverity: finding.saidSeverity,
      package: finding.package,
      version: finding.version,
      ...(finding.fixedIn !== undefined && { fixedIn: finding.fixedIn }),
      ...(finding.uri !== undefined && { uri: finding.uri }),
      platforms: [...finding.platforms],
      ...(finding.purl !== undefined && { purl: finding.purl }),
      ...(finding.filePath !== undefined && { filePath: finding.filePath }),
      rule,
      why,
    })),
    ...(more > 0 && { blockingMore: more }),
    ...(waived.length > 0 && { waived }),
    ...(uninspected.length > 0 && { uninspected }),
    ...(vanished.length > 0 && { vanished }),
    ...(notTold.length > 0 && { notTold: [...notTold] }),
    policyDigest,
    floorDigest,
    findingsDigest,
    evaluatedAt: new Date(now).toISOString(),
    validUntil: new Date(until).toISOString(),
  };
}

function waivedOf({ rows, waivers }: Judgement): NonNullable<Verdict['waived']> {
  return rows.flatMap(({ finding, waiver }) => {
    const by = waiver === undefined ? undefined : waivers[waiver]?.waiver;
    if (!by) return [];
    const { vulnerability, severity, package: name, version } = finding;
    const { owner, approvedBy, expires } = by;
    return [{ vulnerability, severity, package: name, version, owner, approvedBy, expires }];
  });
}

function uninspectedOf(
  { uninspected }: Judgement,
  { unscannable }: Policy,
): NonNullable<Verdict['uninspected']> {
  if (!unscannable) return [];
  const { reason, owner, approvedBy, expires } = unscannable.allowance;
  return uninspected.map(({ platform, digest, unproven = '' }) => ({
    platform,
    digest,
    why: unproven,
    reason,
    owner,
    approvedBy,
    expires,
  }));
}

/** Every finding with what became of it, as the findings document has it. */
export function decidedFindings(judgement: Judgement) {
  return judgement.rows.map((row) => decidedFinding(row, judgement));
}

export function decidedFinding(
  { finding, effect, rule, why, waiver, until }: DecidedRow,
  { waivers }: Pick<Judgement, 'waivers'>,
) {
  return {
    ...finding,
    effect,
    rule,
    why,
    ...(until !== undefined && { until: new Date(until).toISOString() }),
    ...(waiver !== undefined && { waiver: waivers[waiver]?.waiver }),
  };
}
