import { parseDocument } from '@tenant-delivery/action-kit/document';
import type { DeliveryWorld } from '@tenant-delivery/delivery/world';
import type { Target } from '@tenant-delivery/domain';
import { canonicalJson, type Digest } from '@tenant-delivery/domain';
import { openEnvelope, parseJson, seal } from '@tenant-delivery/evidence/dsse';
import { attribute } from '@tenant-delivery/evidence/trust';
import { type ImageRecord, imageRecordSchema } from '@tenant-delivery/oci/image-record';
import { digestOf } from '@tenant-delivery/vault/objects';

const IMAGE_RECORD_TYPE = 'application/vnd.tenant-delivery.image-record+json';

/** What an image must have been made from, at and for, to be used again. */
export interface Made {
  readonly inputs: Digest;
  readonly revision: string;
  readonly ref: string;
}

type Records = Pick<DeliveryWorld, 'vault' | 'trust' | 'signer'>;

/** The signed record of these inputs and its place, or why there is none that may be believed. */
export async function findRecord(
  { vault, trust }: Records,
  target: Target,
  wanted: Made,
): Promise<{ readonly record: ImageRecord } | { readonly none: string }> {
  const stored = await vault.read(keyOf(target, wanted));
  if (stored === undefined) return { none: 'this revision has not been built from these inputs yet' };
  const envelope = openEnvelope(stored.bytes);
  if (envelope?.payloadType !== IMAGE_RECORD_TYPE)
    return { none: 'the record kept for these inputs is not one' };
  const parsed = parseDocument(imageRecordSchema, parseJson(envelope.payload));
  if ('mistakes' in parsed) return { none: 'the record kept for these inputs cannot be read' };
  const record = parsed.document;
  const signed = attribute(envelope, await trust, {
    duties: ['build'],
    tenant: target.tenant,
    environment: target.environment,
    at: Date.parse(record.pushedAt),
  });
  if (signed.kind !== 'signed')
    return { none: 'the record kept for these inputs is not signed by the build key' };
  return { record };
}

/**
 * Keeps the record, signed, if there is none: the vault writes each once, so that no older one can be put back. Where the
 * registry lost the image of the kept record, every later build builds again.
 */
export async function keepRecord(
  { vault, signer }: Records,
  target: Target,
  record: ImageRecord,
): Promise<void> {
  const made = { inputs: record.inputsDigest, revision: record.revision, ref: record.ref };
  const bytes = await seal(await signer, IMAGE_RECORD_TYPE, Buffer.from(canonicalJson(record)));
  await vault.create(keyOf(target, made), bytes);
}

function keyOf({ service }: Target, { inputs, revision, ref }: Made): string {
  const digest = digestOf(canonicalJson({ inputs, revision, ref }));
  return `images/${service}/${digest.slice('sha256:'.length)}.dsse.json`;
}
