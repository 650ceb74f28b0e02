import { createHash, createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { Exchange } from './exchange.ts';

/** The `Authorization` header of Signature Version 4, taken apart. */
export interface Signature {
  readonly accessKeyId: string;
  /** `YYYYMMDD` of the credential scope. */
  readonly day: string;
  readonly region: string;
  /** The service's signing name. */
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly value: string;
}

const HEADER =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;

export function readSignature(authorization: string | undefined): Signature | undefined {
  const found = HEADER.exec(authorization ?? '');
  if (!found) return undefined;
  const [, accessKeyId = '', day = '', region = '', service = '', signed = '', value = ''] = found;
  return { accessKeyId, day, region, service, signedHeaders: signed.split(';'), value };
}

export type Verdict =
  | { readonly kind: 'good' }
  | { readonly kind: 'bad'; readonly why: string }
  /** The body is not the one whose hash was signed. */
  | { readonly kind: 'altered'; readonly why: string };

/**
 * Signs the request again and compares ("Signature Version 4 signing process", IAM User Guide), then hashes the body:
 * the signature covers only the hash that the client claims.
 */
export function verify(exchange: Exchange, signature: Signature, secret: string): Verdict {
  const claimed = exchange.headers['x-amz-content-sha256'];
  const actual = sha256(exchange.body);
  const { headers } = exchange;
  for (const required of ['host', 'x-amz-date', 'x-amz-security-token']) {
    if (headers[required] !== undefined && !signature.signedHeaders.includes(required))
      return { kind: 'bad', why: `The header ${required} must be signed.` };
  }
  const date = headers['x-amz-date'] ?? '';
  if (!date.startsWith(signature.day))
    return { kind: 'bad', why: 'Date in Credential scope does not match X-Amz-Date.' };
  const canonical = [
    exchange.method,
    signature.service === 's3' ? exchange.path : exchange.path.split('/').map(encode).join('/'),
    canonicalQuery(exchange.query),
    ...signature.signedHeaders.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/\s+/g, ' ')}`),
    '',
    signature.signedHeaders.join(';'),
    claimed ?? actual,
  ].join('\n');
  const scope = `${signature.day}/${signature.region}/${signature.service}/aws4_request`;
  const text = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(canonical)}`;
  const expected = hmac(signingKey(signature, secret), text);
  if (!timingSafeEqual(expected, Buffer.from(signature.value, 'hex')))
    return {
      kind: 'bad',
      why: 'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
    };
  if (claimed !== undefined && /^[0-9a-f]{64}$/.test(claimed) && claimed !== actual)
    return {
      kind: 'altered',
      why: "The provided 'x-amz-content-sha256' header does not match what was computed.",
    };
  return { kind: 'good' };
}

/** Keys by what they are derived from: a client signs many requests with one, as the SDKs do. */
const derived = new Map<string, KeyObject>();

function signingKey({ day, region, service }: Signature, secret: string): KeyObject {
  const from = [secret, day, region, service].join('\n');
  const known = derived.get(from);
  if (known) return known;
  const first = Buffer.from(`AWS4${secret}`);
  const key = createSecretKey([day, region, service, 'aws4_request'].reduce<Buffer>(hmac, first));
  if (derived.size >= 1000) derived.clear();
  derived.set(from, key);
  return key;
}

/** When the client says that it signed, in milliseconds since the epoch. */
export function signedAt(exchange: Exchange): number {
  const [, y, mo, d, h, mi, s] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(exchange.headers['x-amz-date'] ?? '') ?? [];
  return Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s));
}

function canonicalQuery(query: string): string {
  if (query === '') return '';
  const pairs = query.split('&').map((pair) => {
    const [name = '', ...value] = pair.split('=');
    return `${encode(decodeQuery(name))}=${encode(decodeQuery(value.join('=')))}`;
  });
  return pairs.sort().join('&');
}

function decodeQuery(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: Uint8Array | KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
