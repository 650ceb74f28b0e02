import { createHash, randomBytes } from 'node:crypto';
import type { PutObjectCommandInput, PutObjectCommandOutput } from '@aws-sdk/client-s3';
import type { Output } from '../services/output.ts';
import { AwsError, type Call } from '../world/service.ts';
import { accessDenied, openBucket } from './access.ts';
import { addVersion } from './add-version.ts';
import { givenChecksums, keptChecksum, toldOf, wrongSums } from './checksum.ts';
import { preconditionFailed, sameTag } from './read.ts';
import { replicate, replicationRule } from './replication.ts';
import { type Bucket, currentOf, type Retention, type Version } from './state.ts';

const DAY = 86_400_000; // milliseconds

/** PutObject, atomic per key: the condition is judged and the version written in one step. */
export async function putObject(
  { ContentEncoding, ...input }: PutObjectCommandInput,
  call: Call,
): Promise<Output<PutObjectCommandOutput>> {
  if (ContentEncoding !== undefined && ContentEncoding !== 'aws-chunked')
    throw new AwsError('NotImplemented', `local-aws keeps no ContentEncoding: ${ContentEncoding}.`, 501);
  const { Key = '', IfNoneMatch, IfMatch } = input;
  const body = input.Body instanceof Uint8Array ? input.Body : new Uint8Array();
  for (const wrong of await wrongSums(input, body))
    throw new AwsError('BadDigest', `The ${wrong} you specified did not match the calculated checksum.`, 400);
  const given = givenChecksums(input);
  const checksum = await keptChecksum(given, body);
  const bucket = openBucket(call, input); // from here on nothing is waited for
  judge(bucket, Key, IfNoneMatch, IfMatch);
  const retention = retentionOf(input, bucket, call.world.clock.now());
  if (retention && given.length === 0 && input.ContentMD5 === undefined)
    throw new AwsError(
      'InvalidRequest',
      'Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters',
      400,
    );
  const version: Version = {
    id: bucket.versioned ? randomBytes(24).toString('base64url') : 'null',
    modified: call.world.clock.now(),
    deleted: false,
    sha256: call.world.blobs.put(body),
    size: body.length,
    etag: `"${createHash('md5').update(body).digest('hex')}"`,
    contentType: input.ContentType ?? 'binary/octet-stream',
    metadata: input.Metadata ?? {},
    checksum,
    ...(retention ? { retention } : {}),
    ...(replicationRule(call.world, bucket) && { replication: 'PENDING' as const }),
  };
  addVersion(bucket, Key, version);
  replicate(call, bucket, Key, version);
  call.world.touched();
  return {
    ETag: version.etag,
    ...toldOf(checksum),
    ...(bucket.versioned ? { VersionId: version.id } : {}),
  };
}

function judge(
  bucket: Bucket,
  key: string,
  ifNoneMatch: string | undefined,
  ifMatch: string | undefined,
): void {
  const current = currentOf(bucket, key);
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*')
    throw new AwsError(
      'NotImplemented',
      'A header you provided implies functionality that is not implemented',
      501,
      {
        Header: 'If-None-Match',
      },
    );
  if (ifNoneMatch === '*' && current) throw preconditionFailed('If-None-Match');
  if (ifMatch === undefined) return;
  if (!current) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key });
  if (!sameTag(ifMatch, current.etag)) throw preconditionFailed('If-Match');
}

function retentionOf(input: PutObjectCommandInput, bucket: Bucket, now: number): Retention | undefined {
  const { ObjectLockMode: mode, ObjectLockRetainUntilDate: until } = input;
  if (mode === undefined && until === undefined)
    return bucket.lock && { mode: bucket.lock.mode, until: now + bucket.lock.days * DAY };
  if (!bucket.lock) throw new AwsError('InvalidRequest', 'Bucket is missing Object Lock Configuration', 400);
  if (mode === undefined || until === undefined)
    throw new AwsError(
      'InvalidArgument',
      'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied',
      400,
    );
  if (mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE')
    throw new AwsError('InvalidArgument', 'Unknown wormMode directive.', 400);
  if (until.getTime() <= now)
    throw new AwsError('InvalidArgument', 'The retain until date must be in the future!', 400);
  return { mode, until: until.getTime() };
}

/** Whether a version may go now. GOVERNANCE yields to a caller who asks for the bypass. */
export function refuseIfRetained(version: Version, now: number, bypass: boolean): void {
  const { retention } = version;
  if (!retention || retention.until <= now) return;
  if (retention.mode === 'GOVERNANCE' && bypass) return;
  throw accessDenied('Access Denied because object protected by object lock.');
}
