import { assertKey } from '@tenant-delivery/vault/key';
import type { Stored, Vault } from '@tenant-delivery/vault/ports';
import { attemptsOf, failureOf, messageOf, nameOf, statusOf } from '../errors/translate.ts';
import { failures } from '../failures.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { type PutCondition, s3Objects } from './objects.ts';

const CONFLICTS = 5; // how often a write is tried again while others write the same key

/**
 * A vault in an S3 bucket ("Conditional requests"): create is `If-None-Match: *`, replace is `If-Match`, and a
 * version is an ETag; assumes s3-one-writer-in-a-locked-bucket. `owner` is the account that must own the bucket.
 */
export function s3Vault(config: ClientConfig, bucket: string, owner: string): Vault {
  const objects = s3Objects(config, bucket, owner);
  const read = async (key: string): Promise<Stored | undefined> => {
    assertKey(key);
    try {
      const { bytes, etag } = await objects.get(key);
      return { bytes, version: etag };
    } catch (cause) {
      if (nameOf(cause) === 'NoSuchKey') return undefined;
      throw failing('s3:GetObject', cause, bucket, owner);
    }
  };

  /** Writes under a condition; `refused` when the condition did not hold, by S3's word or by what is there now. */
  const write = async (
    key: string,
    bytes: Uint8Array,
    condition: PutCondition,
  ): Promise<{ readonly version: string } | 'refused'> => {
    assertKey(key);
    for (let conflicts = 0; ; conflicts += 1) {
      try {
        return { version: await objects.put(key, bytes, condition) };
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
    list: async (prefix, after, shape) => {
      const keys = await objects.list(prefix, after, shape).catch((cause: unknown) => {
        throw failing('s3:ListBucket', cause, bucket, owner);
      });
      return keys.toSorted();
    },
  };
}

function failing(action: string, cause: unknown, bucket: string, owner: string): Error {
  if (nameOf(cause) === 'NoSuchBucket') return failures.vaultNotFound(bucket, owner);
  if (/^(AuthorizationHeaderMalformed|PermanentRedirect)$/.test(nameOf(cause)))
    return failures.vaultElsewhere(bucket, messageOf(cause), cause);
  return failureOf(action, cause);
}
