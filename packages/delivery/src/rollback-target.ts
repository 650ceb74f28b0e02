import { CHANGE_ID, type Digest, type Image, isDigest } from '@tenant-delivery/domain';
import { loadChange, type Place } from '@tenant-delivery/evidence/record';
import * as v from 'valibot';
import type { ChangeHandle } from './change.ts';
import { failures } from './failures.ts';
import { verifiedVersion } from './verified-version.ts';
import type { AdmissionWorld } from './world.ts';

/** Where a rollback goes back to: a change of the same service that was verified here, and the image that it delivered. */
export const RollbackTarget = v.strictObject({
  schemaVersion: v.literal(1),
  change: v.pipe(v.string(), v.regex(CHANGE_ID)),
  /** Digest of the event that says `verified`. */
  head: v.custom<Digest>((text) => typeof text === 'string' && isDigest(text)),
  image: v.strictObject({
    repositoryUri: v.string(),
    digest: v.custom<Digest>((text) => typeof text === 'string' && isDigest(text)),
  }),
});
export type RollbackTarget = v.InferOutput<typeof RollbackTarget>;

/** What a rollback takes over from its target, by digest. */
const TAKEN_OVER = ['manifest', 'image-record', 'verdict'] as const;

/** Reads a verified change whole and answers what a rollback to it rests on; throws ROLLBACK_TARGET_NOT_FOUND otherwise. */
export async function readRollbackTarget(
  { vault, trust }: Pick<AdmissionWorld, 'vault' | 'trust'>,
  place: Place,
  id: string,
): Promise<{ readonly target: RollbackTarget; readonly evidence: Readonly<Record<string, Digest>> }> {
  const version = verifiedVersion(id, await loadChange(vault, trust, place, id), TAKEN_OVER);
  if ('why' in version) throw failures.rollbackTargetNotFound(version.why);
  const { head, image, evidence } = version;
  return { target: { schemaVersion: 1, change: id, head, image }, evidence };
}

/**
 * The image that a proposed rollback goes back to, after everything that it takes over was compared with the target's
 * own record. Throws ROLLBACK_TARGET_NOT_FOUND when a reference does not hold.
 */
export async function verifyRollback(
  world: Pick<AdmissionWorld, 'vault' | 'trust'>,
  place: Place,
  change: ChangeHandle,
): Promise<Image> {
  const claimed = await change.document('target', RollbackTarget);
  const { target, evidence } = await readRollbackTarget(world, place, claimed.change);
  const different = [
    ...(target.head === claimed.head ? [] : ['verification']),
    ...(target.image.digest === claimed.image.digest ? [] : ['image']),
    ...TAKEN_OVER.filter((name) => change.evidence(name) !== evidence[name]),
  ];
  if (different.length === 0) return target.image;
  throw failures.rollbackTargetNotFound(
    `${change.id} names another ${different.join(', ')} than the record of ${target.change}`,
  );
}
