import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import type { Pluggable } from '@smithy/types';
import type { ListShape } from '@tenant-delivery/vault/ports';
import { required } from '../errors/translate.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { lazyClient } from '../session/lazy-client.ts';

/** The objects of one bucket. Errors are those of the SDK: `NoSuchKey`, `PreconditionFailed`. */
export interface S3Objects {
  get(key: string): Promise<{ readonly bytes: Uint8Array; readonly etag: string }>;
  /** Answers the ETag. */
  put(key: string, bytes: Uint8Array, condition: PutCondition): Promise<string>;
  /** All keys, without those up to `after`, in the shape that is asked for. */
  list(prefix: string, after?: string, shape?: ListShape): Promise<readonly string[]>;
}

const PAGE = 1_000; // entries that S3 gives at once

export type PutCondition = { readonly IfNoneMatch: '*' } | { readonly IfMatch: string };

/**
 * Every call names the account that must own the bucket, and every object has a checksum, without which Object Lock takes
 * none: no profile of the runner turns it off.
 */
export function s3Objects(config: ClientConfig, bucket: string, owner: string): S3Objects {
  const s3 = lazyClient(
    () => import('./s3-sdk.ts'),
    (sdk) => sdk.S3Client,
    {
      ...config,
      requestChecksumCalculation: 'WHEN_SUPPORTED' as const,
      responseChecksumValidation: 'WHEN_SUPPORTED' as const,
      plugins: [...(config.plugins ?? []), wholeBodies],
    },
  );
  const place = { Bucket: bucket, ExpectedBucketOwner: owner };
  return {
    get: async (key) => {
      const { Body, ETag } = await s3.send((sdk) => new sdk.GetObjectCommand({ ...place, Key: key }));
      const bytes = await required(Body, `the content of ${key}`).transformToByteArray();
      return { bytes, etag: required(ETag || undefined, `the ETag of ${key}`) };
    },
    put: async (key, bytes, condition) => {
      const asked = { ...place, Key: key, Body: bytes, ChecksumAlgorithm: 'CRC32' as const, ...condition };
      const { ETag } = await s3.send((sdk) => new sdk.PutObjectCommand(asked));
      return required(ETag || undefined, `the ETag of ${key}`);
    },
    list: async (prefix, after, { folders = false, first } = {}) => {
      const asked = {
        ...place,
        Prefix: prefix,
        StartAfter: after,
        ...(folders && { Delimiter: '/' }),
        ...(first !== undefined && { MaxKeys: Math.min(first, PAGE) }),
      };
      const pages = s3.pages((sdk, client) => sdk.paginateListObjectsV2({ client }, asked));
      const keys: string[] = [];
      for await (const page of pages) {
        keys.push(...keysIn(page, prefix));
        if (first !== undefined && keys.length >= first) break;
      }
      // assumes s3-start-after-a-folder
      const entries = folders && after !== undefined ? keys.filter((key) => key > after) : keys;
      return entries.slice(0, first);
    },
  };
}

/** The keys and folders of one page, all that it counts. */
function keysIn(page: ListObjectsV2CommandOutput, prefix: string): readonly string[] {
  const { KeyCount, Contents = [], CommonPrefixes = [], IsTruncated, NextContinuationToken } = page;
  const count = required(KeyCount, `the KeyCount of ${prefix}`);
  if (Contents.length + CommonPrefixes.length !== count)
    required(undefined, `all ${count} keys under ${prefix}`);
  if (IsTruncated) required(NextContinuationToken, `the next page of ${prefix}`);
  return [
    ...Contents.map(({ Key }) => required(Key, `a key under ${prefix}`)),
    ...CommonPrefixes.map(({ Prefix }) => required(Prefix, `a folder under ${prefix}`)),
  ];
}

/** Reads an answer to its end while it can be asked for again: the client hands out a stream, which may break off later. */
const wholeBodies: Pluggable<object, object> = {
  applyToStack: (stack) =>
    stack.add(
      (next) => async (args) => {
        const result = await next(args);
        const response = result.response as { body: Readable }; // of Node's HTTP handler
        response.body = Readable.from([await buffer(response.body)]);
        return result;
      },
      { name: 'wholeBodies', step: 'deserialize', priority: 'low', override: true },
    ),
};
