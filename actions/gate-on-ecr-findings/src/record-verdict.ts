import { canonicalJson, comesFromElsewhere, type Digest } from '@tenant-delivery/domain';
import type { InspectedChild } from '@tenant-delivery/findings/inspected-child';
import type { Verdict } from '@tenant-delivery/findings/verdict';
import { digestOf, putBytes } from '@tenant-delivery/vault/objects';
import { attest } from './attest.ts';
import { whatBuildsCannotTell } from './build-word.ts';
import type { Found } from './find-change.ts';
import type { World } from './gate-world.ts';
import type { Judged } from './judge-image.ts';
import { headlineOf } from './report.ts';
import { decidedFindings, verdictOf } from './verdict-of.ts';

/** The signed decision about the image of a change, and the digest by which later steps name it. */
export interface RecordedVerdict {
  readonly verdict: Verdict;
  readonly digest: Digest;
}

/**
 * Stores the verdict with all that it rests on, and appends it to the change. Documents name each other by digest, so all
 * of them are known before the first is stored; the event is written once every one of them is there.
 */
export async function recordVerdict(
  world: World,
  { admission, change, image, record, resolved }: Found,
  children: readonly InspectedChild[],
  { judgement, effective, policy, at }: Judged,
): Promise<RecordedVerdict> {
  const findings = documentOf({ schemaVersion: 1, findings: decidedFindings(judgement) });
  const agreed = documentOf({ schemaVersion: 1, ...effective });
  const floor = documentOf({ schemaVersion: 1, limits: admission.environment.scanFloor });
  const judgedBy = {
    policy,
    policyDigest: agreed.digest,
    floorDigest: floor.digest,
    findingsDigest: findings.digest,
    hours: resolved.verdictHours.value,
    notTold: whatBuildsCannotTell(record),
  };
  const verdict = verdictOf(image, children, judgement, judgedBy, at);
  const stored = documentOf(verdict);
  const [attestations] = await Promise.all([
    attest(world, children, judgement, { verdict, digest: stored.digest }),
    ...[findings, agreed, floor, stored].map(({ bytes }) => putBytes(world.vault, bytes)),
  ]);
  const { decision, reasonCode } = judgement;
  await change.append(decision === 'allow' ? 'gated' : 'denied', {
    decision: { result: decision, reasons: [reasonCode], note: headlineOf(verdict) },
    evidence: { findings: findings.digest, verdict: stored.digest, ...attestations },
    ...(decision === 'allow' && comesFromElsewhere(change.kind) && { image }),
  });
  return { verdict, digest: stored.digest };
}

/** A document in the bytes that are stored. */
function documentOf(document: unknown): { readonly bytes: Uint8Array; readonly digest: Digest } {
  const bytes = Buffer.from(canonicalJson(document));
  return { bytes, digest: digestOf(bytes) };
}
