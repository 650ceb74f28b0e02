import { type Mistake, parseDocument } from '@tenant-delivery/action-kit/document';
import { instant } from '@tenant-delivery/action-kit/instant';
import { DUTIES, type Duty, ENVIRONMENT, ENVIRONMENT_DUTIES, TENANT } from '@tenant-delivery/domain';
import * as v from 'valibot';
import { type Envelope, pae } from './dsse.ts';
import { isSignedBy, keyIdOf, readPublicKey } from './keys.ts';
import { algorithmOf, SIGNING_KEYS } from './signature-algorithms.ts';

const KEY_MEMBERS = {
  keyId: v.pipe(
    v.string(),
    v.regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the public key, 64 hex digits'),
  ),
  publicKey: v.string(),
  from: instant(),
  until: v.optional(instant()),
};

interface NamedKey {
  readonly keyId: string;
  readonly publicKey: string;
}

const readable = <Key extends NamedKey>() =>
  v.check<Key, string>(
    ({ publicKey }) => readPublicKey(publicKey) !== undefined,
    `publicKey must be the PEM (SPKI) of ${SIGNING_KEYS}`,
  );

const itsOwnName = <Key extends NamedKey>() =>
  v.check<Key, string>(({ publicKey, keyId }) => {
    const key = readPublicKey(publicKey);
    return key === undefined || keyIdOf(key) === keyId;
  }, 'keyId is not the SHA-256 of publicKey');

const KeyOfTrustFile = v.pipe(
  v.strictObject({
    ...KEY_MEMBERS,
    duty: v.picklist(DUTIES, `must be one of ${DUTIES.join(', ')}`),
    tenant: v.optional(v.pipe(v.string(), v.regex(TENANT, 'must be a tenant id'))),
    environment: v.optional(v.pipe(v.string(), v.regex(ENVIRONMENT, 'must be an environment name'))),
  }),
  readable(),
  itsOwnName(),
);

/** A key as the contract of its environment names it. */
export const EnvironmentKey = v.pipe(
  v.strictObject({
    ...KEY_MEMBERS,
    duty: v.picklist(ENVIRONMENT_DUTIES, `must be one of ${ENVIRONMENT_DUTIES.join(', ')}`),
  }),
  readable(),
  itsOwnName(),
);
export type EnvironmentKey = v.InferOutput<typeof EnvironmentKey>;

export const TrustFile = v.strictObject({
  schemaVersion: v.literal(1),
  /** This copy of the release speaks to local-aws alone, on this machine. A file that is released never says so. */
  local: v.optional(v.boolean()),
  keys: v.array(KeyOfTrustFile),
});

/** Which public keys may sign what: one key per duty, each for one tenant and environment or, where those are absent, any. */
export type TrustFile = v.InferOutput<typeof TrustFile>;
export type TrustedKey = TrustFile['keys'][number];

export function parseTrust(
  value: unknown,
): { readonly trust: TrustFile } | { readonly mistakes: readonly Mistake[] } {
  const parsed = parseDocument(TrustFile, value);
  return 'mistakes' in parsed ? parsed : { trust: parsed.document };
}

/** What a signature is asked to speak for. */
export interface Speech {
  readonly duties: readonly Duty[];
  readonly tenant: string;
  readonly environment: string;
  /**
   * Milliseconds since the epoch: when the signer says that it signed. `undefined` if it does not say: then a key counts
   * that may sign at some time.
   */
  readonly at: number | undefined;
}

export type Attribution =
  | { readonly kind: 'signed'; readonly key: TrustedKey }
  /** No signature at all. */
  | { readonly kind: 'unsigned' }
  /** Signatures, but none that counts; `why` has a sentence for each, and `causes` what it is about. */
  | { readonly kind: 'refused'; readonly why: readonly string[]; readonly causes: ReadonlySet<RefusalCause> };

/**
 * Why a signature does not count. `unknown key`: no key of the trust file made it. `altered`: a key of the trust file is named,
 * and did not sign these bytes. `other purpose`: the key signs something else. `other time`: the key signed this before or after its time.
 */
export type RefusalCause = 'unknown key' | 'altered' | 'other purpose' | 'other time';

interface Refusal {
  readonly cause: RefusalCause;
  readonly says: string;
}

/**
 * The one key that may sign this. `undefined` where the file knows none, or several: while a key is replaced, only its
 * holder knows which of them signs.
 */
export function onlyKeyFor(trust: TrustFile, speech: Speech): TrustedKey | undefined {
  const [able, ...more] = trust.keys.filter((key) => refuse(key, speech) === undefined);
  return more.every(({ keyId }) => keyId === able?.keyId) ? able : undefined;
}

/** The first signature by a trusted key with that duty. Other signatures are ignored. */
export function attribute(envelope: Envelope, trust: TrustFile, speech: Speech): Attribution {
  if (envelope.signatures.length === 0) return { kind: 'unsigned' };
  const signed = pae(envelope.payloadType, envelope.payload);
  const refusals: Refusal[] = [];
  for (const { keyId, signature } of envelope.signatures) {
    const known = trust.keys.filter((key) => key.keyId === keyId);
    if (known.length === 0)
      refusals.push({ cause: 'unknown key', says: `key ${short(keyId)} is not trusted` });
    for (const key of known) {
      const refusal = refuseSignature(key, signed, signature) ?? refuse(key, speech);
      if (refusal === undefined) return { kind: 'signed', key };
      refusals.push(refusal);
    }
  }
  const causes = new Set(refusals.map(({ cause }) => cause));
  return { kind: 'refused', why: refusals.map(({ says }) => says), causes };
}

function refuseSignature(key: TrustedKey, signed: Uint8Array, signature: Uint8Array): Refusal | undefined {
  const says = (what: string) => `the signature of key ${short(key.keyId)} ${what}`;
  const publicKey = readPublicKey(key.publicKey);
  if (publicKey === undefined || !isSignedBy(publicKey, signed, signature))
    return { cause: 'altered', says: says('does not match the content') };
  const algorithm = algorithmOf(publicKey);
  if (algorithm?.isCanonical(signature)) return undefined;
  return { cause: 'altered', says: says(`is not ${algorithm?.canonicalForm}`) };
}

function refuse(key: TrustedKey, { duties, tenant, environment, at }: Speech): Refusal | undefined {
  const refusal = (cause: RefusalCause, what: string) => ({ cause, says: `key ${short(key.keyId)} ${what}` });
  if (!duties.includes(key.duty)) {
    const needed = duties.join(' or ') || 'a duty that nobody has';
    return refusal('other purpose', `has the duty ${key.duty}; this needs ${needed}`);
  }
  if (key.tenant !== undefined && key.tenant !== tenant)
    return refusal('other purpose', `is bound to the tenant ${key.tenant}`);
  if (key.environment !== undefined && key.environment !== environment)
    return refusal('other purpose', `is bound to the environment ${key.environment}`);
  if (at === undefined) return undefined;
  if (!(at >= Date.parse(key.from))) return refusal('other time', `is valid only from ${key.from}`);
  if (key.until !== undefined && !(at < Date.parse(key.until)))
    return refusal('other time', `was valid only until ${key.until}`);
  return undefined;
}

function short(keyId: string): string {
  return keyId === '' ? 'without an id' : `${keyId.slice(0, 12)}…`;
}
