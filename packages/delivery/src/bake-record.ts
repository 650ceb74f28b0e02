import { parseDocument } from '@tenant-delivery/action-kit/document';
import { instant } from '@tenant-delivery/action-kit/instant';
import { CHANGE_ID, canonicalJson, type Digest, isDigest } from '@tenant-delivery/domain';
import { openEnvelope, parseJson, seal } from '@tenant-delivery/evidence/dsse';
import { failures as evidenceFailures } from '@tenant-delivery/evidence/failures';
import type { Place } from '@tenant-delivery/evidence/record';
import { attribute } from '@tenant-delivery/evidence/trust';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import { putDocument } from '@tenant-delivery/vault/objects';
import * as v from 'valibot';
import { type ChangeHandle, resumeChange } from './change.ts';
import type { AdmissionWorld, DeliveryWorld } from './world.ts';

const BAKE_PAYLOAD_TYPE = 'application/vnd.tenant-delivery.bake+json';

const text = v.pipe(v.string(), v.minLength(1));

/**
 * How the bake of a change began: written once, signed by the deploy key, and read by the run that concludes it. It
 * names its own place, so that a true signature proves nothing elsewhere. Times are RFC 3339.
 */
const BakeRecord = v.strictObject({
  schemaVersion: v.literal(1),
  tenant: text,
  environment: text,
  service: text,
  change: v.pipe(v.string(), v.regex(CHANGE_ID)),
  /** The deployment report that is verified. */
  report: v.custom<Digest>((value) => typeof value === 'string' && isDigest(value)),
  taskDefinition: text,
  /** When all tasks were healthy. */
  beganAt: instant(),
  minutes: v.number(),
  samples: v.number(),
  /** A run before this cannot conclude. */
  eligibleAt: instant(),
  /** Watched alarms as they stood at the beginning; one that did not exist is not among them. */
  alarms: v.array(
    v.strictObject({
      name: text,
      state: text,
      reason: v.nullable(v.string()),
      since: v.nullable(instant()),
    }),
  ),
});
export type BakeRecord = v.InferOutput<typeof BakeRecord>;

/** A bake with the digest under which the record of the change will name it. */
export interface Bake {
  readonly record: BakeRecord;
  readonly digest: Digest;
}

type Beginning = Omit<BakeRecord, 'schemaVersion' | 'tenant' | 'environment' | 'service' | 'change'>;

/** Records the start of a bake. If an earlier run did so already, answers its record. Needs the deploy key. */
export async function beginBake(
  world: Pick<DeliveryWorld, 'vault' | 'trust' | 'signer'>,
  { facts }: ChangeHandle,
  beginning: Beginning,
): Promise<Bake> {
  const { id: change, tenant, environment, service } = facts;
  const record: BakeRecord = { schemaVersion: 1, tenant, environment, service, change, ...beginning };
  const bytes = await seal(await world.signer, BAKE_PAYLOAD_TYPE, Buffer.from(canonicalJson(record)));
  const written = await world.vault.create(bakeKey(facts, change), bytes);
  const digest = written === 'exists' ? undefined : await putDocument(world.vault, record);
  const bake = digest ? { record, digest } : await bakeOf(world, facts, change);
  if (!bake) throw new TypeError('a bake that exists can be read');
  return bake;
}

/** The start of a change's bake; `undefined` if it has none. Throws DOCUMENT_ALTERED if the record cannot be believed. */
export async function bakeOf(
  { vault, trust }: Pick<AdmissionWorld, 'vault' | 'trust'>,
  place: Place,
  change: string,
): Promise<Bake | undefined> {
  const key = bakeKey(place, change);
  const stored = await vault.read(key);
  if (!stored) return undefined;
  const envelope = openEnvelope(stored.bytes);
  const parsed = envelope && parseDocument(BakeRecord, parseJson(envelope.payload));
  const broken = (why: string) => evidenceFailures.documentAltered('bake', key, why);
  if (!parsed || 'mistakes' in parsed || envelope.payloadType !== BAKE_PAYLOAD_TYPE) {
    throw broken('is not a bake that this release reads');
  }
  const { document: record } = parsed;
  const signed = attribute(envelope, await trust, {
    duties: ['deploy'],
    tenant: place.tenant,
    environment: place.environment,
    at: Date.parse(record.beganAt),
  });
  if (signed.kind !== 'signed') throw broken('is not signed by the deploy key');
  if (bakeKey(record, record.change) !== key || record.tenant !== place.tenant) {
    throw broken(`belongs to ${record.change} of ${record.tenant}/${record.environment}/${record.service}`);
  }
  return { record, digest: await putDocument(vault, record) };
}

/** The service's newest change whose bake is not concluded. */
export async function bakingChange(
  world: DeliveryWorld,
  admission: Admission,
): Promise<ChangeHandle | undefined> {
  const keys = await world.vault.list(bakeKey(admission.target, '').replace(/\.dsse\.json$/, ''));
  for (const key of keys.toReversed().slice(0, LOOK_BACK)) {
    const id =
      key
        .split('/')
        .at(-1)
        ?.replace(/\.dsse\.json$/, '') ?? '';
    const change = await resumeChange(world, admission, id);
    if (change.state === 'deploying') return change;
  }
  return undefined;
}

/** Each next deploy ends the bake before it, so an open one is among the newest. */
const LOOK_BACK = 5;

function bakeKey({ environment, service }: Pick<Place, 'environment' | 'service'>, change: string): string {
  return `bakes/${environment}/${service}/${change}.dsse.json`;
}
