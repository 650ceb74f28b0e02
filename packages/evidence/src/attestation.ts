import { describeMistake, parseDocument } from '@tenant-delivery/action-kit/document';
import { instant } from '@tenant-delivery/action-kit/instant';
import { canonicalJson, type Digest, imageEntersAt } from '@tenant-delivery/domain';
import * as v from 'valibot';
import { type ChangeEvent, EVENT_PAYLOAD_TYPE, STATEMENT_TYPE } from './change-event.ts';
import { openEnvelope, parseJson, seal } from './dsse.ts';
import type { Signer } from './ports.ts';
import { attribute, type TrustFile } from './trust.ts';

const text = v.pipe(v.string(), v.minLength(1, 'is empty'));
const sha256 = v.strictObject({
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits')),
});
const subject = v.pipe(
  v.array(v.strictObject({ name: text, digest: sha256 })),
  v.minLength(1, 'names no subject'),
);
const statement = <Predicate extends v.GenericSchema>(type: string, predicate: Predicate) =>
  v.strictObject({ _type: v.literal(STATEMENT_TYPE), subject, predicateType: v.literal(type), predicate });

/** What was found in an image, as the in-toto attestation framework has it: `vulns`, version 0.2. */
const VULNS_TYPE = 'https://in-toto.io/attestation/vulns/v0.2';
export const VulnsStatement = statement(
  VULNS_TYPE,
  v.looseObject({
    scanner: v.looseObject({
      uri: text,
      db: v.optional(v.looseObject({ lastUpdate: instant() })),
      result: v.array(
        v.looseObject({
          id: text,
          severity: v.array(v.strictObject({ method: text, score: text })),
          annotations: v.optional(v.array(v.looseObject({}))),
        }),
      ),
    }),
    metadata: v.looseObject({ scanStartedOn: instant(), scanFinishedOn: instant() }),
  }),
);
export type VulnsStatement = v.InferOutput<typeof VulnsStatement>;

/** That an image passed: a Simple Verification Result, version 0.2. There is none of a denial. */
export const SVR_TYPE = 'https://in-toto.io/attestation/svr/v0.2';
export const SvrStatement = statement(
  SVR_TYPE,
  v.looseObject({
    verifier: v.looseObject({
      id: text,
      policies: v.array(v.looseObject({ name: text, digest: sha256 })),
    }),
    timeCreated: instant(),
    properties: v.array(text),
  }),
);
export type SvrStatement = v.InferOutput<typeof SvrStatement>;

/** The documents of a record that are signed statements of their own, by the name that events give them. */
const ATTESTATIONS: ReadonlyMap<string, v.GenericSchema<unknown, VulnsStatement | SvrStatement>> = new Map<
  string,
  v.GenericSchema<unknown, VulnsStatement | SvrStatement>
>([
  ['vulns', VulnsStatement],
  ['svr', SvrStatement],
]);

/** A statement in its envelope, as it is stored. */
export async function sealStatement(
  signer: Signer,
  statement: VulnsStatement | SvrStatement,
): Promise<Uint8Array> {
  return seal(signer, EVENT_PAYLOAD_TYPE, Buffer.from(canonicalJson(statement)));
}

/** What is wrong with a document that an event brings, where that is an attestation: its form, its signature, its image. */
export function judgeAttestation(
  event: ChangeEvent,
  name: string,
  bytes: Uint8Array,
  trust: TrustFile,
): readonly string[] {
  const schema = ATTESTATIONS.get(name);
  if (schema === undefined) return [];
  const broken = (...why: readonly string[]) =>
    why.map((each) => `names the attestation ${name}, which ${each}`);
  const envelope = openEnvelope(bytes);
  if (!envelope || envelope.payloadType !== EVENT_PAYLOAD_TYPE) return broken('is no in-toto envelope');
  const parsed = parseDocument(schema, parseJson(envelope.payload));
  if ('mistakes' in parsed)
    return broken(...parsed.mistakes.map((mistake) => `is wrong: ${describeMistake(mistake)}`));
  const { tenant, environment, kind } = event.change;
  const signed = attribute(envelope, trust, {
    duties: ['gate'],
    tenant,
    environment,
    at: Date.parse(event.occurredAt),
  });
  if (signed.kind === 'unsigned') return broken('has no signature');
  if (signed.kind === 'refused') return broken(...signed.why.map((why) => `is not signed: ${why}`));
  // A denied promotion is not about its image yet.
  const known = event.transition.to !== 'denied' || imageEntersAt(kind) === 'built';
  const about = parsed.document.subject.map(({ digest }): Digest => `sha256:${digest.sha256}`);
  return known && !about.includes(`sha256:${event.subject.digest.sha256}`)
    ? broken(`is about ${about.join(', ')}`)
    : [];
}
