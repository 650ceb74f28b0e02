import type {
  GetObjectCommandInput,
  GetObjectCommandOutput,
  HeadObjectCommandInput,
  HeadObjectCommandOutput,
} from '@aws-sdk/client-s3';
import { s3Asks } from '../authorization/asks/s3.ts';
import { refusalOf } from '../authorization/authorize.ts';
import type { Output } from '../services/output.ts';
import { AwsError, type Call } from '../world/service.ts';
import { accessDenied, openBucket } from './access.ts';
import { toldOf } from './checksum.ts';
import { currentOf, type Version } from './state.ts';

/** GetObject; the type of Body is the server's side of it: bytes. */
export function getObject(
  input: GetObjectCommandInput,
  call: Call,
): Omit<Output<GetObjectCommandOutput>, 'Body'> & { Body: Uint8Array } {
  const version = find(input, call);
  const bytes = call.world.blobs.get(version.sha256);
  if (!bytes) throw new Error(`the bytes of ${input.Key} are gone from the state directory`);
  return { ...describe(version, bytes.length, input), Body: bytes };
}

export function headObject(input: HeadObjectCommandInput, call: Call): Output<HeadObjectCommandOutput> {
  const version = find(input, call);
  return describe(version, version.size, input);
}

function find(input: GetObjectCommandInput, call: Call): Version {
  const { Key = '', VersionId, IfMatch, IfNoneMatch, Range } = input;
  const bucket = openBucket(call, input);
  if (Range !== undefined)
    throw new AwsError('NotImplemented', 'local-aws serves whole objects, no ranges.', 501);
  const version =
    VersionId === undefined ? currentOf(bucket, Key) : versionOf(bucket.objects[Key], VersionId);
  if (!version) throw missing(call, input, Key);
  if (version.deleted)
    throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405);
  if (IfMatch !== undefined && IfMatch !== '*' && !sameTag(IfMatch, version.etag))
    throw preconditionFailed('If-Match');
  if (IfNoneMatch !== undefined && (IfNoneMatch === '*' || sameTag(IfNoneMatch, version.etag)))
    throw new AwsError('NotModified', 'Not Modified', 304);
  return version;
}

/** Who may not list the bucket is not told what is missing in it ("GetObject", Amazon S3 API reference). */
function missing(call: Call, { Bucket }: GetObjectCommandInput, Key: string): AwsError {
  const [listing] = s3Asks['HeadBucket']?.({ Bucket }, call) ?? [];
  const refusal = listing && refusalOf(call, [listing]);
  if (refusal !== undefined) return accessDenied(refusal);
  return new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key });
}

/** One version of an object, by the identifier that S3 gave it. */
export function versionOf(versions: readonly Version[] | undefined, id: string): Version {
  if (!/^(null|[\w.-]{32})$/.test(id))
    throw new AwsError('InvalidArgument', 'Invalid version id specified', 400, { ArgumentName: 'versionId' });
  const found = versions?.find((version) => version.id === id);
  if (!found)
    throw new AwsError('NoSuchVersion', 'The specified version does not exist.', 404, { VersionId: id });
  return found;
}

function describe(version: Version, length: number, { ChecksumMode }: GetObjectCommandInput) {
  const { etag, id, modified, contentType, metadata, retention, checksum, replication } = version;
  return {
    ETag: etag,
    VersionId: id,
    LastModified: new Date(modified),
    ContentLength: length,
    ContentType: contentType,
    AcceptRanges: 'bytes',
    Metadata: metadata,
    ...(replication !== undefined && { ReplicationStatus: replication }),
    ...(ChecksumMode === 'ENABLED' && toldOf(checksum)),
    ...(retention
      ? { ObjectLockMode: retention.mode, ObjectLockRetainUntilDate: new Date(retention.until) }
      : {}),
  };
}

/** Clients send the tag with or without its quotes. */
export function sameTag(given: string, etag: string): boolean {
  return given.replaceAll('"', '') === etag.replaceAll('"', '');
}

export function preconditionFailed(condition: string): AwsError {
  const message = 'At least one of the pre-conditions you specified did not hold';
  return new AwsError('PreconditionFailed', message, 412, { Condition: condition });
}
