import { createHash } from 'node:crypto';
import { Crc32, Crc32c, Crc64Nvme } from '@aws-sdk/checksums/crc';
import type { PutObjectCommandInput } from '@aws-sdk/client-s3';

/** What an object was checked with: S3 keeps it and answers it again. */
export interface Checksum {
  readonly name: ChecksumName;
  /** In base64. */
  readonly value: string;
}

/** "Checking object integrity for data uploads in Amazon S3": how each is reckoned, and how many bytes it has. */
const ALGORITHMS = {
  CRC32: { bytes: 4, of: (body: Uint8Array) => crc(new Crc32(), body) },
  CRC32C: { bytes: 4, of: (body: Uint8Array) => crc(new Crc32c(), body) },
  CRC64NVME: { bytes: 8, of: (body: Uint8Array) => crc(new Crc64Nvme(), body) },
  SHA1: { bytes: 20, of: (body: Uint8Array) => hash('sha1', body) },
  SHA256: { bytes: 32, of: (body: Uint8Array) => hash('sha256', body) },
  SHA512: { bytes: 64, of: (body: Uint8Array) => hash('sha512', body) },
} as const;

export type ChecksumName = keyof typeof ALGORITHMS;

const NAMES = Object.keys(ALGORITHMS) as ChecksumName[];

/** The checksums that came with an object, in headers or behind its content. */
export function givenChecksums(input: PutObjectCommandInput): readonly Checksum[] {
  return NAMES.flatMap((name) => {
    const value = input[`Checksum${name}`];
    return value === undefined ? [] : [{ name, value }];
  });
}

/** The one that is kept: without one S3 reckons CRC64NVME. */
export function keptChecksum([given]: readonly Checksum[], body: Uint8Array): Promise<Checksum> | Checksum {
  return given ?? reckoned('CRC64NVME', body);
}

async function reckoned(name: ChecksumName, body: Uint8Array): Promise<Checksum> {
  return { name, value: await ALGORITHMS[name].of(body) };
}

/** Whether it could be one at all. */
export function isWellFormed({ name, value }: Checksum): boolean {
  return isBase64Of(value, ALGORITHMS[name].bytes);
}

export function isBase64Of(value: string, bytes: number): boolean {
  const read = Buffer.from(value, 'base64');
  return read.length === bytes && read.toString('base64') === value;
}

/** What was sent and is not that of the body: the names, `MD5` among them. */
export async function wrongSums(input: PutObjectCommandInput, body: Uint8Array): Promise<readonly string[]> {
  const wrong: string[] = [];
  if (input.ContentMD5 !== undefined && input.ContentMD5 !== (await hash('md5', body))) wrong.push('MD5');
  for (const { name, value } of givenChecksums(input))
    if (value !== (await ALGORITHMS[name].of(body))) wrong.push(name);
  return wrong;
}

/** As replies have it. */
export function toldOf(checksum: Checksum | undefined) {
  return checksum && { [`Checksum${checksum.name}`]: checksum.value, ChecksumType: 'FULL_OBJECT' as const };
}

async function crc(
  sum: { update(data: Uint8Array): void; digest(): Promise<Uint8Array> },
  body: Uint8Array,
): Promise<string> {
  sum.update(body);
  return Buffer.from(await sum.digest()).toString('base64');
}

async function hash(name: string, body: Uint8Array): Promise<string> {
  return createHash(name).update(body).digest('base64');
}
