import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { assertKey } from '@tenant-delivery/vault/key';
import type { Stored, Vault } from '@tenant-delivery/vault/ports';
import { failures } from './failures.ts';
import { attemptsOf, failureOf, nameOf, required, statusOf } from './translate.ts';

const CONFLICTS = 5; // how often a write is tried again while others write the same key

/**
 * A vault in an S3 bucket ("Conditional requests"): create is `If-None-Match: *`, replace is `If-Match`, and a
 * version is an ETag. Every call names the account that must own the bucket.
 */
export function s3Vault(s3: S3Client, bucket: string, owner: string): Vault {
  const place = { Bucket: bucket, ExpectedBucketOwner: owner };

  const read = async (key: string): Promise<Stored | undefined> => {
    assertKey(key);
    try {
      return await storedOf(await s3.send(new GetObjectCommand({ ...place, Key: key })), key);
    } catch (cause) {
      if (nameOf(cause) === 'NoSuchKey') return undefined;
      throw failing('s3:GetObject', cause, bucket, owner);
    }
  };

  /** Writes under a condition; `refused` when the condition did not hold, by S3's word or by what is there now. */
  const write = async (
    key: string,
    bytes: Uint8Array,
    condition: { readonly IfNoneMatch: '*' } | { readonly IfMatch: string },
  ): Promise<{ readonly version: string } | 'refused'> => {
    assertKey(key);
    const request = { ...place, Key: key, Body: bytes, ...condition };
    for (let conflicts = 0; ; conflicts += 1) {
      try {
        const { ETag } = await s3.send(new PutObjectCommand(request));
        return { version: required(ETag, `the ETag of ${key}`) };
      } catch (cause) {
        const status = statusOf(cause);
        const gone = 'IfMatch' in condition && nameOf(cause) === 'NoSuchKey';
        // the first try of a repeated request may have been the one that took effect
        const inDoubt = status === undefined || status < 300 || attemptsOf(cause) > 1;
        const now = inDoubt || status === 409 ? await read(key) : undefined;
        if (now && Buffer.compare(now.bytes, bytes) === 0) return { version: now.version };
        if (status === 412 || gone) return 'refused';
        if (status !== 409 || conflicts >= CONFLICTS) throw failing('s3:PutObject', cause, bucket, owner);
        const unchanged = 'IfMatch' in condition ? now?.version === condition.IfMatch : now === undefined;
        if (!unchanged) return 'refused';
      }
    }
  };

  return {
    read,
    create: async (key, bytes) => {
      const written = await write(key, bytes, { IfNoneMatch: '*' });
      return written === 'refused' ? 'exists' : written;
    },
    replace: async (key, bytes, ifVersion) => {
      const written = await write(key, bytes, { IfMatch: ifVersion });
      return written === 'refused' ? 'changed' : written;
    },
    list: async (prefix, after) => {
      const keys: string[] = [];
      let next: string | undefined;
      do {
        const from = next === undefined ? { StartAfter: after } : { ContinuationToken: next };
        const page = await s3
          .send(new ListObjectsV2Command({ ...place, Prefix: prefix, ...from }))
          .catch((cause: unknown) => {
            throw failing('s3:ListBucket', cause, bucket, owner);
          });
        const count = required(page.KeyCount, `the KeyCount of ${prefix}`);
        const listed = (page.Contents ?? []).map(({ Key }) => required(Key, `a key under ${prefix}`));
        if (listed.length !== count) required(undefined, `all ${count} keys under ${prefix}`);
        keys.push(...listed);
        next = page.IsTruncated
          ? required(page.NextContinuationToken, `the next page of ${prefix}`)
          : undefined;
      } while (next !== undefined);
      return keys.sort();
    },
  };
}

async function storedOf({ Body, ETag }: GetObjectCommandOutput, key: string): Promise<Stored> {
  const body = required(Body, `the content of ${key}`);
  return { bytes: await body.transformToByteArray(), version: required(ETag, `the ETag of ${key}`) };
}

function failing(action: string, cause: unknown, bucket: string, owner: string): Error {
  if (nameOf(cause) === 'NoSuchBucket') return failures.vaultNotFound(bucket, owner);
  return failureOf(action, cause);
}
