import type {
  GetObjectLockConfigurationCommandInput,
  GetObjectLockConfigurationCommandOutput,
  GetObjectRetentionCommandInput,
  GetObjectRetentionCommandOutput,
  PutObjectRetentionCommandInput,
  PutObjectRetentionCommandOutput,
} from '@aws-sdk/client-s3';
import type { Output } from '../services/output.ts';
import { AwsError, type Call } from '../world/service.ts';
import { accessDenied, openBucket } from './access.ts';
import { versionOf } from './read.ts';
import type { Bucket, Version } from './state.ts';

export function getObjectLockConfiguration(
  input: GetObjectLockConfigurationCommandInput,
  call: Call,
): Output<GetObjectLockConfigurationCommandOutput> {
  const { lock } = openBucket(call, input);
  if (!lock) {
    const message = 'Object Lock configuration does not exist for this bucket';
    throw new AwsError('ObjectLockConfigurationNotFoundError', message, 404);
  }
  return {
    ObjectLockConfiguration: {
      ObjectLockEnabled: 'Enabled',
      Rule: { DefaultRetention: { Mode: lock.mode, Days: lock.days } },
    },
  };
}

export function getObjectRetention(
  input: GetObjectRetentionCommandInput,
  call: Call,
): Output<GetObjectRetentionCommandOutput> {
  const bucket = openBucket(call, input);
  const { retention } = lockedVersion(bucket, input.Key, input.VersionId);
  if (!retention) {
    const message = 'The specified object does not have a ObjectLock configuration';
    throw new AwsError('NoSuchObjectLockConfiguration', message, 404);
  }
  return { Retention: { Mode: retention.mode, RetainUntilDate: new Date(retention.until) } };
}

/** A retention can grow. COMPLIANCE never shrinks or weakens; GOVERNANCE does for a caller who asks for the bypass. */
export function putObjectRetention(
  input: PutObjectRetentionCommandInput,
  call: Call,
): Output<PutObjectRetentionCommandOutput> {
  const { Key = '', Retention, BypassGovernanceRetention: bypass = false } = input;
  const bucket = openBucket(call, input);
  if (!bucket.lock) throw new AwsError('InvalidRequest', 'Bucket is missing Object Lock Configuration', 400);
  const version = lockedVersion(bucket, Key, input.VersionId);
  const [mode, until] = [Retention?.Mode, Retention?.RetainUntilDate?.getTime()];
  if ((mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE') || until === undefined)
    throw new AwsError('MalformedXML', 'The XML you provided was not well-formed', 400);
  const now = call.world.clock.now();
  const held = version.retention;
  const weaker =
    held && held.until > now && (until < held.until || (held.mode === 'COMPLIANCE' && mode !== held.mode));
  if (weaker && !(held.mode === 'GOVERNANCE' && bypass))
    throw accessDenied('Access Denied because object protected by object lock.');
  bucket.objects[Key] = (bucket.objects[Key] ?? []).map((known) =>
    known === version ? { ...version, retention: { mode, until } } : known,
  );
  call.world.touched();
  return {};
}

function lockedVersion(bucket: Bucket, key = '', id: string | undefined): Version {
  const versions = bucket.objects[key] ?? [];
  const found = id === undefined ? versions.at(-1) : versionOf(versions, id);
  if (!found || found.deleted)
    throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });
  return found;
}
