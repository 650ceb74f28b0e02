import { parseDocument } from '@tenant-delivery/action-kit/document';
import type { DeliveryWorld } from '@tenant-delivery/delivery';
import type { Target } from '@tenant-delivery/domain';
import { canonicalJson, type Digest } from '@tenant-delivery/domain';
import { attribute, openEnvelope, parseJson, seal } from '@tenant-delivery/evidence';
import { type ImageRecord, imageRecordSchema } from '@tenant-delivery/oci';

export const IMAGE_RECORD_TYPE = 'application/vnd.tenant-delivery.image-record+json';

type Records = Pick<DeliveryWorld, 'vault' | 'trust' | 'signer'>;

/** The signed record of these inputs, and where it stands; or why there is none that may be believed. */
export async function findRecord(
  { vault, trust }: Records,
  target: Target,
  inputs: Digest,
): Promise<{ readonly record: ImageRecord } | { readonly none: string }> {
  const stored = await vault.read(keyOf(target, inputs));
  if (stored === undefined) return { none: 'these inputs have not been built yet' };
  const envelope = openEnvelope(stored.bytes);
  if (envelope?.payloadType !== IMAGE_RECORD_TYPE)
    return { none: 'the record kept for these inputs is not one' };
  const parsed = parseDocument(imageRecordSchema, parseJson(envelope.payload));
  if ('mistakes' in parsed) return { none: 'the record kept for these inputs cannot be read' };
  const record = parsed.document;
  const signed = attribute(envelope, trust, {
    duties: ['build'],
    tenant: target.tenant,
    environment: target.environment,
    at: Date.parse(record.pushedAt),
  });
  if (signed.kind !== 'signed')
    return { none: 'the record kept for these inputs is not signed by the build key' };
  return { record };
}

/** Keeps the newest record of these inputs, signed. */
export async function keepRecord(
  { vault, signer }: Records,
  target: Target,
  record: ImageRecord,
): Promise<void> {
  const key = keyOf(target, record.inputsDigest);
  const bytes = await seal(signer, IMAGE_RECORD_TYPE, Buffer.from(canonicalJson(record)));
  const before = await vault.read(key);
  // Two runs that build the same inputs at once both have a true record; the later one need not win.
  if (before === undefined) await vault.create(key, bytes);
  else await vault.replace(key, bytes, before.version);
}

function keyOf({ service }: Target, inputs: Digest): string {
  return `images/${service}/${inputs.slice('sha256:'.length)}.dsse.json`;
}
