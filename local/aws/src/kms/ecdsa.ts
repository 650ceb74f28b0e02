import { createECDH, type KeyObject, randomBytes } from 'node:crypto';

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n; // n of P-256 (FIPS 186-4, D.1.2.3)

/**
 * Signs a digest that is already made, as KMS does with `MessageType: DIGEST`; `node:crypto` always hashes first.
 * For a sandbox: the arithmetic is not constant in time.
 */
export function signDigest(digest: Uint8Array, privateKey: KeyObject): Buffer {
  const d = fromBytes(Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url'));
  const z = fromBytes(digest);
  for (;;) {
    const k = fromBytes(randomBytes(32));
    if (k === 0n || k >= ORDER) continue;
    const r = pointX(k) % ORDER;
    const s = (inverse(k) * (z + r * d)) % ORDER;
    if (r !== 0n && s !== 0n) return der(r, s);
  }
}

/** The x coordinate of k times the base point. */
function pointX(k: bigint): bigint {
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(toBytes(k));
  return fromBytes(curve.getPublicKey().subarray(1, 33));
}

/** By Fermat: the order is prime. */
function inverse(value: bigint): bigint {
  let result = 1n;
  let base = value % ORDER;
  for (let exponent = ORDER - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = (result * base) % ORDER;
    base = (base * base) % ORDER;
  }
  return result;
}

function der(r: bigint, s: bigint): Buffer {
  const parts = Buffer.concat([r, s].map(integer));
  return Buffer.concat([Buffer.from([0x30, parts.length]), parts]);
}

function integer(value: bigint): Buffer {
  const bytes = toBytes(value);
  const start = bytes.findIndex((byte) => byte !== 0);
  const short = bytes.subarray(Math.max(0, start));
  const body = (short[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), short]) : short;
  return Buffer.concat([Buffer.from([0x02, body.length]), body]);
}

function toBytes(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
}

function fromBytes(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex') || '0'}`);
}
