import { CHANGE_ID, comesFromElsewhere, type Digest, type Image, isDigest } from '@tenant-delivery/domain';
import type { ChangeEvent } from '@tenant-delivery/evidence/change-event';
import { exportChange } from '@tenant-delivery/evidence/export';
import { failures as evidence } from '@tenant-delivery/evidence/failures';
import { readChange } from '@tenant-delivery/evidence/record';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import { getBytes, putBytes } from '@tenant-delivery/vault/objects';
import type { Vault } from '@tenant-delivery/vault/ports';
import * as v from 'valibot';
import { type ChangeHandle, evidenceIn, readDocument } from './change.ts';
import { failures } from './failures.ts';
import { verifiedVersion } from './verified-version.ts';
import type { AdmissionWorld } from './world.ts';

const digest = v.custom<Digest>((text) => typeof text === 'string' && isDigest(text), 'is no digest');
/** Older releases did not record whether it is a bot. */
const recordedAccount = v.strictObject({ id: v.number(), login: v.string(), bot: v.optional(v.boolean()) });
const someone = v.union([recordedAccount, v.literal('unknown')]);

/** A commit and who is behind it, as the approve job of another environment recorded it. */
export const RecordedCommit = v.strictObject({
  sha: v.string(),
  author: someone,
  committer: someone,
  /** Who merged or pushed it. Of what people wrote, those whom GitHub names; of what a bot wrote, all, or it is unknown. */
  broughtBy: v.optional(v.union([v.array(v.required(recordedAccount)), v.literal('unknown')])),
});
export type RecordedCommit = v.InferOutput<typeof RecordedCommit>;

/** Where a promoted version comes from. Its whole record is stored beside this document. */
export const PromotionSource = v.strictObject({
  schemaVersion: v.literal(1),
  environment: v.string(),
  region: v.string(),
  change: v.pipe(v.string(), v.regex(CHANGE_ID)),
  /** Digest of the event that says `verified` there. */
  head: digest,
  /** As the registry of that environment names it. */
  image: v.strictObject({ repositoryUri: v.string(), digest }),
  /** The source that was built. */
  origin: v.strictObject({ repository: v.string(), repositoryId: v.string(), revision: v.string() }),
  /** The version that ran here before, as that environment once had it; `null` when it never did. */
  since: v.nullable(v.pipe(v.string(), v.regex(CHANGE_ID))),
  /** What deliveries to that environment brought since then, as they recorded it. */
  commits: v.array(RecordedCommit),
});
export type PromotionSource = v.InferOutput<typeof PromotionSource>;

/** What must be there of a version for it to be promoted. */
export const PROVEN_BY = ['manifest', 'image-record', 'verdict', 'report', 'health'] as const;

/** The environment from which a change of this kind may bring versions here; throws PROMOTION_NOT_AGREED. */
export function sourceEnvironment(
  { environment, target }: Pick<Admission, 'environment' | 'target'>,
  kind: 'promotion' | 'exercise',
): string {
  const from = kind === 'promotion' ? environment.promotion?.from : environment.dr?.recovers;
  if (from === undefined) throw failures.promotionNotAgreed(target.environment, kind);
  return from;
}

/** The same digest as the registry of this environment names it: the account is the same, region and repository may differ. */
export function imageHere(
  { repositoryUri, digest }: Image,
  region: string,
  { target, names }: Pick<Admission, 'target' | 'names'>,
): Image {
  const [host = ''] = repositoryUri.split('/');
  const registry = host.replace(`.dkr.ecr.${region}.`, `.dkr.ecr.${target.region}.`);
  return { repositoryUri: `${registry}/${names.repository}`, digest };
}

/**
 * Copies a change's record with every document that it names, so that it verifies here without the other environment.
 * Answers the digest of the record: an evidence file, as `verify-evidence` reads it.
 */
export async function copyRecord(
  from: Pick<AdmissionWorld, 'vault'> & { readonly admission: Admission },
  events: readonly ChangeEvent[],
  to: Vault,
): Promise<Digest> {
  const [first] = events;
  if (!first) throw new TypeError('a record has an event');
  const named = new Map(
    events.flatMap((event) => event.evidence.map((item) => [item.digest.sha256, item.name])),
  );
  await Promise.all(
    [...named].map(async ([sha256, name]) => {
      const bytes = await getBytes(from.vault, `sha256:${sha256}`);
      if (typeof bytes === 'string')
        throw evidence.documentAltered(
          name,
          `sha256:${sha256}`,
          `of ${first.change.id} is ${bytes} in its vault`,
        );
      await putBytes(to, bytes);
    }),
  );
  const record = await exportChange(from.vault, from.admission.target, first.change.id);
  return putBytes(to, Buffer.from(record));
}

/**
 * The image that a promotion brings, after the copied record of its source was verified whole and everything that the
 * change takes over was compared with it. Throws PROMOTION_UNVERIFIED when something does not hold.
 */
export async function verifyPromotion(
  world: Pick<AdmissionWorld, 'vault' | 'trust'>,
  admission: Admission,
  change: ChangeHandle,
): Promise<Image> {
  const { kind } = change;
  if (!comesFromElsewhere(kind)) throw new TypeError(`a change of kind ${kind} comes from nowhere else`);
  const claimed = await change.document('source', PromotionSource);
  const from = sourceEnvironment(admission, kind);
  if (claimed.environment !== from)
    throw failures.promotionUnverified(claimed.environment, `the contract agrees on ${from}`);
  const record = await readRecord(world, admission, change, claimed);
  const version = verifiedVersion(claimed.change, record, PROVEN_BY);
  if ('why' in version) throw failures.promotionUnverified(from, version.why);
  const different = [
    ...(version.head === claimed.head ? [] : ['verification']),
    ...(sameImage(version.image, claimed.image) ? [] : ['image']),
    ...(['manifest', 'image-record'] as const).filter(
      (name) => change.evidence(name) !== version.evidence[name],
    ),
  ];
  if (different.length > 0)
    throw failures.promotionUnverified(
      from,
      `${change.id} names another ${different.join(', ')} than the record of ${claimed.change}`,
    );
  await assertProven(world, claimed.change, from, record, version.image);
  return imageHere(version.image, claimed.region, admission);
}

async function readRecord(
  { vault, trust }: Pick<AdmissionWorld, 'vault' | 'trust'>,
  { target }: Admission,
  change: ChangeHandle,
  { environment, change: id }: PromotionSource,
): Promise<readonly ChangeEvent[]> {
  const named = change.evidence('source-record');
  if (!named) throw evidence.documentMissing('source-record', change.id);
  const bytes = await getBytes(vault, named);
  if (typeof bytes === 'string')
    throw evidence.documentAltered('source-record', named, `is ${bytes} in the vault`);
  const envelopes = Buffer.from(bytes).toString().trimEnd().split('\n');
  return readChange(
    envelopes.map((line) => Buffer.from(line)),
    await trust,
    { ...target, environment },
    id,
  );
}

const about = v.object({ digest });
/** The members of each document that say what it is about. The room that makes a document checks the rest. */
const SAYS = {
  'image-record': v.pipe(
    v.object({ image: about }),
    v.transform(({ image }) => image.digest),
  ),
  verdict: v.pipe(
    v.object({ subject: about, decision: v.literal('allow', 'does not allow the image') }),
    v.transform(({ subject }) => subject.digest),
  ),
  health: v.pipe(
    v.object({ image: v.string(), healthy: v.literal(true, 'does not say healthy') }),
    v.transform(({ image }) => image.slice(image.lastIndexOf('@') + 1)),
  ),
} as const;

/** Gate, build and verification there were all about this very image. */
async function assertProven(
  world: Pick<AdmissionWorld, 'vault'>,
  id: string,
  environment: string,
  record: readonly ChangeEvent[],
  image: Image,
): Promise<void> {
  for (const [name, schema] of Object.entries(SAYS)) {
    const told = await readDocument<v.GenericSchema<unknown, string>>(
      world,
      id,
      name,
      evidenceIn(record, name),
      schema,
    );
    if (told === image.digest) continue;
    throw failures.promotionUnverified(
      environment,
      `the ${name} of ${id} is about ${told}, not ${image.digest}`,
    );
  }
}

function sameImage(a: Image, b: Image): boolean {
  return a.digest === b.digest && a.repositoryUri === b.repositoryUri;
}
