import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';

/** An ed25519 key of SSH: `publicKey` as GitHub lists it, `privateKey` as ssh reads it from a file. */
export interface SshKey {
  readonly publicKey: string;
  readonly privateKey: string;
}

const ALGORITHM = 'ssh-ed25519';
const MAGIC = Buffer.from('openssh-key-v1\0');
const BEGIN = '-----BEGIN OPENSSH PRIVATE KEY-----';
const END = '-----END OPENSSH PRIVATE KEY-----';
const COLUMNS = 70;
const RAW = 32; // bytes of a public key, and of the seed of a private one
/** The bytes before the seed of an ed25519 key in PKCS #8 (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

export function newSshKey(comment: string): SshKey {
  const { privateKey } = generateKeyPairSync('ed25519');
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-RAW);
  return sshKeyOf(seed, comment, randomBytes(4));
}

/** OpenSSH's own format, "PROTOCOL.key" in its source: without a passphrase, padded to blocks of 8 bytes. */
function sshKeyOf(seed: Buffer, comment: string, check: Buffer): SshKey {
  const raw = rawPublicKey(seed);
  const blob = Buffer.concat([string(ALGORITHM), string(raw)]);
  const secret = [check, check, blob, string(Buffer.concat([seed, raw])), string(comment)];
  const length = secret.reduce((bytes, part) => bytes + part.length, 0);
  const padding = Buffer.from(Array.from({ length: -length & 7 }, (_, index) => index + 1));
  const none = string('none');
  const whole = Buffer.concat([
    MAGIC,
    none, // cipher
    none, // key derivation
    string(''),
    uint32(1),
    string(blob),
    string(Buffer.concat([...secret, padding])),
  ]);
  const lines = whole.toString('base64').match(new RegExp(`.{1,${COLUMNS}}`, 'g')) ?? [];
  return {
    publicKey: `${ALGORITHM} ${blob.toString('base64')}`,
    privateKey: `${[BEGIN, ...lines, END].join('\n')}\n`,
  };
}

/**
 * The public half of a private key of `newSshKey`, computed from its secret. `undefined`: this is no such key, or its
 * halves do not belong together. Nothing is told of a text that is no key, because it may be another secret.
 */
export function publicKeyOf(privateKey: string): string | undefined {
  const body = privateKey.trim().replaceAll('\r\n', '\n');
  if (!body.startsWith(`${BEGIN}\n`) || !body.endsWith(`\n${END}`)) return undefined;
  const whole = Buffer.from(body.slice(BEGIN.length, -END.length).replaceAll('\n', ''), 'base64');
  try {
    if (!whole.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
    const [cipher, derivation, , rest] = strings(whole.subarray(MAGIC.length), 3);
    if (cipher?.toString() !== 'none' || derivation?.toString() !== 'none' || rest?.readUInt32BE(0) !== 1)
      return undefined;
    const [blob, secret] = strings(rest.subarray(4), 2);
    const [, raw, pair] = strings((secret ?? whole).subarray(8), 3);
    const seed = pair?.subarray(0, RAW);
    if (!blob || !raw || !seed || seed.length !== RAW) return undefined;
    const made = Buffer.concat([string(ALGORITHM), string(rawPublicKey(seed))]);
    return made.equals(blob) && rawPublicKey(seed).equals(raw)
      ? `${ALGORITHM} ${blob.toString('base64')}`
      : undefined;
  } catch {
    return undefined; // a length that points outside
  }
}

/** 12 hex digits of the SHA-256 of the key. GitHub's page shows the same hash in base64. */
export function sshFingerprint(publicKey: string): string {
  const [, blob = ''] = publicKey.split(' ');
  return createHash('sha256').update(Buffer.from(blob, 'base64')).digest('hex').slice(0, 12);
}

/** `ssh-ed25519 AAAA… somebody@host` without the comment after the key. */
export function withoutComment(publicKey: string): string {
  return publicKey.trim().split(/\s+/).slice(0, 2).join(' ');
}

function rawPublicKey(seed: Buffer): Buffer {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-RAW);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function string(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint32(bytes.length), bytes]);
}

/** So many strings, and what follows them. */
function strings(bytes: Buffer, count: number): readonly Buffer[] {
  const found: Buffer[] = [];
  let rest = bytes;
  for (let index = 0; index < count; index += 1) {
    const end = 4 + rest.readUInt32BE(0);
    if (end > rest.length) throw new RangeError('a string ends outside');
    found.push(rest.subarray(4, end));
    rest = rest.subarray(end);
  }
  return [...found, rest];
}
