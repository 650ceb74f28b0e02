import type { Digest, Image, Severity } from '@tenant-delivery/domain';
import { SEVERITIES } from '@tenant-delivery/domain';
import type { InspectedChild, Judgement, Limits, Verdict } from '@tenant-delivery/findings';
import type { ResolvedService } from '@tenant-delivery/tenancy';

const HOUR = 3_600_000; // milliseconds

/** The limits that this change is judged by: the floor, where the manifest did not tighten it. */
export function limitsOf(resolved: ResolvedService): Limits {
  const pairs = SEVERITIES.map((severity: Severity) => [severity, resolved.scan[severity].value]);
  return Object.fromEntries(pairs) as Limits; // one for each severity
}

/** The document that says so, good for the hours of the contract. */
export function verdictOf(
  image: Image,
  children: readonly InspectedChild[],
  judgement: Judgement,
  policy: {
    readonly limits: Limits;
    readonly policyDigest: Digest;
    readonly floorDigest: Digest;
    readonly hours: number;
  },
  findingsDigest: Digest,
  now: number,
): Verdict {
  return {
    schemaVersion: 1,
    subject: { repositoryUri: image.repositoryUri, digest: image.digest },
    children: children.map(({ platform, digest, scan }) => ({ platform, digest, scan })),
    decision: judgement.decision,
    reasons: [...judgement.reasons],
    counts: { ...judgement.counts },
    limits: { ...policy.limits },
    blocking: judgement.blocking.map((finding) => ({
      vulnerability: finding.vulnerability,
      severity: finding.severity,
      saidSeverity: finding.saidSeverity,
      package: finding.package,
      version: finding.version,
      ...(finding.fixedIn !== undefined && { fixedIn: finding.fixedIn }),
      ...(finding.uri !== undefined && { uri: finding.uri }),
      platforms: [...finding.platforms],
    })),
    policyDigest: policy.policyDigest,
    floorDigest: policy.floorDigest,
    findingsDigest,
    evaluatedAt: new Date(now).toISOString(),
    validUntil: new Date(now + policy.hours * HOUR).toISOString(),
  };
}
