import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import { AwsError } from '../world/service.ts';

/** Refuses a body that is not the one whose checksum the client sent in a header. */
export function checkSums(input: PutObjectCommandInput, body: Uint8Array): void {
  compare('MD5', input.ContentMD5, () => createHash('md5').update(body).digest('base64'));
  compare('SHA256', input.ChecksumSHA256, () => createHash('sha256').update(body).digest('base64'));
  compare('SHA1', input.ChecksumSHA1, () => createHash('sha1').update(body).digest('base64'));
  compare('CRC32', input.ChecksumCRC32, () => {
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return sum.toString('base64');
  });
}

function compare(name: string, given: string | undefined, actual: () => string): void {
  if (given !== undefined && given !== actual())
    throw new AwsError('BadDigest', `The ${name} you specified did not match the calculated checksum.`, 400);
}
