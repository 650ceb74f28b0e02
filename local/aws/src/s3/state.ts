import type { PolicyDocument } from '../policy/document.ts';
import { demandQuota } from '../policy/quotas.ts';
import type { World } from '../world/world.ts';
import type { Checksum } from './checksum.ts';

export interface Retention {
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE';
  /** Milliseconds since the epoch, on the world's clock. */
  readonly until: number;
}

/** One version of an object, or the marker that it was deleted. */
export interface Version {
  readonly id: string;
  readonly modified: number;
  readonly deleted: boolean;
  /** Name in the world's blobs. */
  readonly sha256: string;
  readonly size: number;
  /** With its quotes. */
  readonly etag: string;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly retention?: Retention;
  /** Absent in versions that were saved before it was kept. */
  readonly checksum?: Checksum;
  /** Absent where no rule of replication was there when it was written. */
  replication?: 'PENDING' | 'COMPLETED' | 'FAILED' | 'REPLICA';
}

export interface Bucket {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly created: number;
  readonly versioned: boolean;
  /** Default retention of new versions; absent when the bucket has no Object Lock. */
  readonly lock?: { readonly mode: Retention['mode']; readonly days: number };
  readonly policy?: PolicyDocument;
  /** `blocked` when absent, as of every new bucket; `open` when somebody removed the configuration. */
  readonly publicAccess?: 'blocked' | 'open';
  /** By key: versions, oldest first. */
  readonly objects: Record<string, Version[]>;
}

/** Bucket names are unique in the world; a bucket belongs to one account. */
export function bucketsOf(world: World): Record<string, Bucket> {
  return world.state('s3', '', '', () => ({ buckets: {} as Record<string, Bucket> })).buckets;
}

export type BucketSeed = Omit<Bucket, 'objects' | 'created'>;

/** Makes a bucket, or replaces its settings; its objects stay. */
export function putBucket(world: World, seed: BucketSeed): Bucket {
  if (seed.policy) demandQuota('bucket policy of', seed.name, [seed.policy]);
  const buckets = bucketsOf(world);
  const known = buckets[seed.name];
  const bucket: Bucket = {
    ...seed,
    created: known?.created ?? world.clock.now(),
    objects: known?.objects ?? {},
  };
  buckets[seed.name] = bucket;
  world.touched();
  return bucket;
}

/** Versions of a key, oldest first. */
export function versionsOf({ objects }: Bucket, key: string): readonly Version[] {
  return (Object.hasOwn(objects, key) && objects[key]) || [];
}

/** The version that a plain read sees: none when the newest is a deletion. */
export function currentOf(bucket: Bucket, key: string): Version | undefined {
  const newest = versionsOf(bucket, key).at(-1);
  return newest?.deleted ? undefined : newest;
}
