import { canonicalJson } from '@tenant-delivery/domain';
import * as v from 'valibot';
import type { Signer } from './ports.ts';

/** One text for one content: a second spelling of the same bytes is refused, so that no edit goes unseen. */
const base64 = v.pipe(
  v.string(),
  v.rawTransform<string, Uint8Array>(({ dataset, addIssue, NEVER }) => {
    const bytes = Buffer.from(dataset.value, 'base64');
    if (bytes.toString('base64') === dataset.value) return bytes;
    addIssue({ message: 'is not base64' });
    return NEVER;
  }),
);

const Envelope = v.strictObject({
  payload: base64,
  payloadType: v.pipe(v.string(), v.minLength(1)),
  signatures: v.array(v.strictObject({ keyid: v.optional(v.string(), ''), sig: base64 })),
});

/** A DSSE envelope ("Dead Simple Signing Envelope" v1.0), decoded. */
export interface Envelope {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signatures: readonly { readonly keyId: string; readonly signature: Uint8Array }[];
}

/** The bytes that are signed: DSSE's pre-authentication encoding. */
export function pae(payloadType: string, payload: Uint8Array): Uint8Array {
  const type = Buffer.from(payloadType);
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${type.length} `),
    type,
    Buffer.from(` ${payload.length} `),
    payload,
  ]);
}

/**
 * Signs a payload and gives the envelope's bytes: one line of canonical JSON, as it is stored and exported. The signature
 * has the spelling that counts, however the signer gave it.
 */
export async function seal(signer: Signer, payloadType: string, payload: Uint8Array): Promise<Uint8Array> {
  const signature = signer.algorithm.canonical(await signer.sign(pae(payloadType, payload)));
  return Buffer.from(
    canonicalJson({
      payload: Buffer.from(payload).toString('base64'),
      payloadType,
      signatures: [{ keyid: signer.keyId, sig: Buffer.from(signature).toString('base64') }],
    }),
  );
}

/** `undefined` when the bytes are not a DSSE envelope. Says nothing about who signed. */
export function openEnvelope(bytes: Uint8Array | string): Envelope | undefined {
  return decodeEnvelope(parseJson(bytes));
}

/** As `openEnvelope`, of JSON that is parsed already. */
export function decodeEnvelope(json: unknown): Envelope | undefined {
  const parsed = v.safeParse(Envelope, json);
  if (!parsed.success) return undefined;
  const { payload, payloadType, signatures } = parsed.output;
  return {
    payloadType,
    payload,
    signatures: signatures.map(({ keyid, sig }) => ({ keyId: keyid, signature: sig })),
  };
}

/** `undefined` for bytes that are not JSON; JSON itself has no undefined. */
export function parseJson(bytes: Uint8Array | string): unknown {
  try {
    return JSON.parse(
      typeof bytes === 'string' ? bytes : new TextDecoder('utf-8', { fatal: true }).decode(bytes),
    );
  } catch {
    return undefined; // the caller says what the bytes should have been
  }
}
