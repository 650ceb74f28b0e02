import type { Digest, Image } from '@tenant-delivery/domain';
import type { DecidedRow } from './decide-rows.ts';
import type { InspectedChild } from './inspected-child.ts';
import { worst } from './severity.ts';
import type { Judgement, Verdict } from './verdict.ts';

/** Who speaks; the number grows when the same findings under the same policy could be judged otherwise. */
const VERIFIER = 'https://tenant-delivery.dev/gate/v1';
const SCANNERS = {
  basic: 'https://aws.amazon.com/ecr/',
  enhanced: 'https://aws.amazon.com/inspector/',
} as const;

/**
 * What the registry found in an image, as the predicate `vulns` of the in-toto attestation framework: every
 * vulnerability once, at its worst here, with the packages that have it. The registry does not say when a look began, so
 * both times are when it was over, or, where it says neither, when it was asked.
 */
export function vulnsStatement(
  image: Image,
  children: readonly InspectedChild[],
  { rows }: Pick<Judgement, 'rows'>,
  now: number,
) {
  const looks = children.flatMap(({ seen }) => (seen ? [seen] : []));
  const ends = looks.map(({ completedAt, at }) => completedAt ?? at);
  const updates = looks.flatMap(({ sourceUpdatedAt }) => sourceUpdatedAt ?? []);
  return {
    _type: 'https://in-toto.io/Statement/v1' as const,
    subject: subjectsOf(image, children),
    predicateType: 'https://in-toto.io/attestation/vulns/v0.2' as const,
    predicate: {
      scanner: {
        uri: SCANNERS[looks[0]?.by ?? 'enhanced'],
        ...(updates.length > 0 && { db: { lastUpdate: timeOf(Math.min(...updates)) } }),
        result: resultsOf(rows),
      },
      metadata: {
        scanStartedOn: timeOf(Math.min(now, ...ends)),
        scanFinishedOn: timeOf(ends.length > 0 ? Math.max(...ends) : now),
      },
    },
  };
}

/** Says that an image passed, and under which policy; undefined if it did not, because the predicate knows only passing. */
export function passStatement(
  verdict: Verdict,
  verdictDigest: Digest,
  { uninspected }: Pick<Judgement, 'uninspected'>,
) {
  if (verdict.decision !== 'allow') return undefined;
  return {
    _type: 'https://in-toto.io/Statement/v1' as const,
    subject: subjectsOf(verdict.subject, verdict.children),
    predicateType: 'https://in-toto.io/attestation/svr/v0.2' as const,
    predicate: {
      verifier: {
        id: VERIFIER,
        policies: [
          { name: 'policy', digest: hexOf(verdict.policyDigest) },
          { name: 'floor', digest: hexOf(verdict.floorDigest) },
        ],
      },
      timeCreated: verdict.evaluatedAt,
      properties: [
        'TENANT_DELIVERY_FINDINGS_WITHIN_POLICY',
        ...(uninspected.length === 0 ? ['TENANT_DELIVERY_EVERY_PLATFORM_INSPECTED'] : []),
      ],
      /** Ours, beside what the predicate asks for: what was judged in full, and until when it counts. */
      verdict: { digest: hexOf(verdictDigest) },
      validUntil: verdict.validUntil,
    },
  };
}

function resultsOf(rows: readonly DecidedRow[]) {
  const byId = new Map<string, { finding: DecidedRow['finding']; packages: Set<string> }>();
  for (const { finding } of rows) {
    const named = finding.purl ?? `${finding.package}@${finding.version}`;
    const known = byId.get(finding.vulnerability);
    if (!known) byId.set(finding.vulnerability, { finding, packages: new Set([named]) });
    else {
      known.packages.add(named);
      if (worst(finding.severity, known.finding.severity) !== known.finding.severity) known.finding = finding;
    }
  }
  return [...byId].map(([id, { finding, packages }]) => ({
    id,
    severity: [
      { method: 'registry', score: finding.saidSeverity },
      ...(finding.cvss
        ? [{ method: `cvss_v${finding.cvss.version}`, score: String(finding.cvss.score) }]
        : []),
    ],
    annotations: [{ packages: [...packages] }],
  }));
}

function subjectsOf({ repositoryUri, digest }: Image, children: readonly { readonly digest: Digest }[]) {
  const digests = new Set([digest, ...children.map((child) => child.digest)]);
  return [...digests].map((each) => ({ name: repositoryUri, digest: hexOf(each) }));
}

function hexOf(digest: Digest): { sha256: string } {
  return { sha256: digest.slice('sha256:'.length) };
}

function timeOf(at: number): string {
  return new Date(at).toISOString();
}
