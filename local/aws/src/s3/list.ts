import type {
  ListObjectsV2CommandInput,
  ListObjectsV2CommandOutput,
  ListObjectVersionsCommandInput,
  ListObjectVersionsCommandOutput,
} from '@aws-sdk/client-s3';
import type { Output } from '../services/output.ts';
import { AwsError, type Call } from '../world/service.ts';
import { openBucket } from './access.ts';
import { compareBytes, firstAfter, firstBeyond, firstFrom, sortedKeys } from './keys.ts';
import { type Bucket, currentOf, versionsOf } from './state.ts';

const MOST = 1000; // keys in one page

/** ListObjectsV2: keys in the order of their bytes, in pages; with a delimiter, one entry for all keys below a prefix. */
export function listObjectsV2(
  input: ListObjectsV2CommandInput,
  call: Call,
): Output<ListObjectsV2CommandOutput> {
  const { Bucket: Name = '', Prefix = '', Delimiter, MaxKeys = MOST, StartAfter, ContinuationToken } = input;
  const bucket = openBucket(call, { ...input, Bucket: Name });
  const after = ContinuationToken === undefined ? (StartAfter ?? '') : readToken(ContinuationToken);
  const most = Math.min(MaxKeys, MOST);
  const found = entriesOf(bucket, { prefix: Prefix, delimiter: Delimiter, after, most: most + 1 });
  const page = found.slice(0, most);
  const more = most > 0 && found.length > most;
  const encode = (text: string) => (input.EncodingType === 'url' ? encodeKey(text) : text);
  const last = page.at(-1)?.sort ?? after;
  return {
    Name,
    Prefix: encode(Prefix),
    ...(Delimiter === undefined ? {} : { Delimiter: encode(Delimiter) }),
    ...(StartAfter === undefined ? {} : { StartAfter: encode(StartAfter) }),
    ...(ContinuationToken === undefined ? {} : { ContinuationToken }),
    ...(input.EncodingType === undefined ? {} : { EncodingType: input.EncodingType }),
    MaxKeys,
    KeyCount: page.length,
    IsTruncated: more,
    ...(more ? { NextContinuationToken: tokenFor(last) } : {}),
    Contents: page.flatMap(({ key }) => {
      const version = key === undefined ? undefined : currentOf(bucket, key);
      if (!version || key === undefined) return [];
      const { modified, etag, size } = version;
      return [
        {
          Key: encode(key),
          LastModified: new Date(modified),
          ETag: etag,
          Size: size,
          StorageClass: 'STANDARD' as const,
        },
      ];
    }),
    CommonPrefixes: page.flatMap(({ key, sort }) => (key === undefined ? [{ Prefix: encode(sort) }] : [])),
  };
}

/** ListObjectVersions, newest first within a key. One page: more than 1,000 versions are refused, not cut. */
export function listObjectVersions(
  input: ListObjectVersionsCommandInput,
  call: Call,
): Output<ListObjectVersionsCommandOutput> {
  const { Bucket: Name = '', Prefix = '', MaxKeys = MOST } = input;
  const bucket = openBucket(call, { ...input, Bucket: Name });
  const encode = (text: string) => (input.EncodingType === 'url' ? encodeKey(text) : text);
  const keys = sortedKeys(bucket);
  const from = firstFrom(keys, Prefix);
  const all = keys.slice(from, firstBeyond(keys, Prefix, from)).flatMap((key) => {
    const versions = versionsOf(bucket, key);
    return versions.map((version, i) => ({ key, version, latest: i === versions.length - 1 })).reverse();
  });
  if (all.length > Math.min(MaxKeys, MOST))
    throw new AwsError('NotImplemented', 'local-aws lists versions in one page, of 1,000 at most.', 501);
  const entry = ({ key, version, latest }: (typeof all)[number]) => ({
    Key: encode(key),
    VersionId: version.id,
    IsLatest: latest,
    LastModified: new Date(version.modified),
  });
  return {
    Name,
    Prefix: encode(Prefix),
    MaxKeys,
    IsTruncated: false,
    ...(input.EncodingType === undefined ? {} : { EncodingType: input.EncodingType }),
    Versions: all
      .filter(({ version }) => !version.deleted)
      .map((one) => ({
        ...entry(one),
        ETag: one.version.etag,
        Size: one.version.size,
        StorageClass: 'STANDARD' as const,
      })),
    DeleteMarkers: all.filter(({ version }) => version.deleted).map(entry),
  };
}

/** A key, or a common prefix (without `key`). */
interface Entry {
  readonly sort: string;
  readonly key?: string;
}

interface Asked {
  readonly prefix: string;
  readonly delimiter: string | undefined;
  readonly after: string;
  readonly most: number;
}

/** The next entries after `after`. Keys that are not answered are skipped without a look. */
function entriesOf(bucket: Bucket, { prefix, delimiter, after, most }: Asked): readonly Entry[] {
  const keys = sortedKeys(bucket);
  const entries: Entry[] = [];
  let at = compareBytes(after, prefix) < 0 ? firstFrom(keys, prefix) : firstAfter(keys, after);
  for (let key = keys[at]; key?.startsWith(prefix) && entries.length < most; key = keys[at]) {
    const cut = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
    const sort = cut < 0 ? key : key.slice(0, cut + (delimiter?.length ?? 0));
    const beyond = cut < 0 ? at + 1 : firstBeyond(keys, sort, at);
    if (compareBytes(sort, after) > 0 && hasObject(bucket, keys, at, beyond))
      entries.push(cut < 0 ? { sort, key } : { sort });
    at = beyond;
  }
  return entries;
}

function hasObject(bucket: Bucket, keys: readonly string[], from: number, beyond: number): boolean {
  for (let at = from; at < beyond; at += 1) if (currentOf(bucket, keys[at] ?? '')) return true;
  return false;
}

/** Of where the next page begins. S3's are opaque: what it did not write itself, it refuses. */
function tokenFor(key: string): string {
  return Buffer.from(`after ${key}`).toString('base64');
}

function readToken(token: string): string {
  const key = Buffer.from(token, 'base64').toString().slice(6);
  if (tokenFor(key) !== token)
    throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect', 400);
  return key;
}

/** As S3 encodes keys for `encoding-type=url`: slashes stay. */
function encodeKey(key: string): string {
  return encodeURIComponent(key)
    .replaceAll('%2F', '/')
    .replace(/[!'()]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
