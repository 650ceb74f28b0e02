import type {
  DeleteObjectCommandInput,
  GetObjectCommandInput,
  ListObjectsV2CommandInput,
  ListObjectVersionsCommandInput,
  PutObjectCommandInput,
  PutObjectRetentionCommandInput,
} from '@aws-sdk/client-s3';
import type { Context } from '../../policy/context.ts';
import { bucketsOf } from '../../s3/state.ts';
import type { Call } from '../../world/service.ts';
import type { Ask, Asks } from '../ask.ts';

interface Named {
  readonly Bucket?: string | undefined;
  readonly Key?: string | undefined;
}

/** "Required permissions for Amazon S3 API operations": several operations share an action. */
export const s3Asks: Readonly<Record<string, Asks>> = {
  GetObject: readObject,
  HeadObject: readObject,
  PutObject: (input: PutObjectCommandInput, call) => [
    ...about('s3:PutObject', input, call, {
      's3:if-none-match': input.IfNoneMatch,
      's3:if-match': input.IfMatch,
      's3:x-amz-acl': input.ACL,
      's3:x-amz-storage-class': input.StorageClass,
      's3:x-amz-server-side-encryption': input.ServerSideEncryption,
      's3:x-amz-server-side-encryption-aws-kms-key-id': input.SSEKMSKeyId,
      's3:ObjectCreationOperation': 'true',
      ...lock(input.ObjectLockMode, input.ObjectLockRetainUntilDate, call),
      's3:object-lock-legal-hold': input.ObjectLockLegalHoldStatus,
    }),
    // a retention that is asked for with the object needs its own permission
    ...(input.ObjectLockMode === undefined
      ? []
      : about(
          's3:PutObjectRetention',
          input,
          call,
          lock(input.ObjectLockMode, input.ObjectLockRetainUntilDate, call),
        )),
  ],
  DeleteObject: (input: DeleteObjectCommandInput, call) => [
    ...(input.VersionId === undefined
      ? about('s3:DeleteObject', input, call, { 's3:if-match': input.IfMatch })
      : about('s3:DeleteObjectVersion', input, call, { 's3:versionid': input.VersionId })),
    ...(input.BypassGovernanceRetention ? about('s3:BypassGovernanceRetention', input, call) : []),
  ],
  ListObjectsV2: ({ Bucket, Prefix, Delimiter, MaxKeys }: ListObjectsV2CommandInput, call) =>
    about('s3:ListBucket', { Bucket }, call, listing(Prefix, Delimiter, MaxKeys)),
  ListObjectVersions: ({ Bucket, Prefix, Delimiter, MaxKeys }: ListObjectVersionsCommandInput, call) =>
    about('s3:ListBucketVersions', { Bucket }, call, listing(Prefix, Delimiter, MaxKeys)),
  GetObjectLockConfiguration: ({ Bucket }: Named, call) =>
    about('s3:GetBucketObjectLockConfiguration', { Bucket }, call),
  GetObjectRetention: (input: Named, call) => about('s3:GetObjectRetention', input, call),
  PutObjectRetention: (input: PutObjectRetentionCommandInput, call) => [
    ...about(
      's3:PutObjectRetention',
      input,
      call,
      lock(input.Retention?.Mode, input.Retention?.RetainUntilDate, call),
    ),
    ...(input.BypassGovernanceRetention ? about('s3:BypassGovernanceRetention', input, call) : []),
  ],
  HeadBucket: ({ Bucket }: Named, call) =>
    about('s3:ListBucket', { Bucket }, call, listing(undefined, undefined, undefined)),
  ListBuckets: () => [{ action: 's3:ListAllMyBuckets', resource: '*' }],
  GetBucketVersioning: ({ Bucket }: Named, call) => about('s3:GetBucketVersioning', { Bucket }, call),
  GetBucketPolicy: ({ Bucket }: Named, call) => about('s3:GetBucketPolicy', { Bucket }, call),
  GetPublicAccessBlock: ({ Bucket }: Named, call) => about('s3:GetBucketPublicAccessBlock', { Bucket }, call),
};

/** Whether a caller who misses an object is told so: who may not list the bucket is told nothing. */
function listing(
  prefix: string | undefined,
  delimiter?: string | undefined,
  keys?: number | undefined,
): Context {
  return {
    's3:prefix': prefix,
    's3:delimiter': delimiter,
    's3:max-keys': keys === undefined ? undefined : String(keys),
  };
}

function readObject(input: GetObjectCommandInput, call: Call): readonly Ask[] {
  return input.VersionId === undefined
    ? about('s3:GetObject', input, call)
    : about('s3:GetObjectVersion', input, call, { 's3:versionid': input.VersionId });
}

/** Of a bucket that does not exist nothing is asked: S3 says so to everybody. */
function about(
  action: string,
  { Bucket = '', Key }: Named,
  call: Call,
  context: Context = {},
): readonly Ask[] {
  const buckets = bucketsOf(call.world);
  const bucket = Object.hasOwn(buckets, Bucket) ? buckets[Bucket] : undefined;
  if (!bucket) return [];
  const resource = `arn:aws:s3:::${Bucket}${Key === undefined ? '' : `/${Key}`}`;
  return [
    {
      action,
      resource,
      context: {
        's3:ResourceAccount': bucket.account,
        's3:authType': 'REST-HEADER',
        's3:signatureversion': 'AWS4-HMAC-SHA256',
        's3:TlsVersion': '1.3',
        's3:x-amz-content-sha256': call.headers['x-amz-content-sha256'],
        ...context,
      },
    },
  ];
}

function lock(mode: string | undefined, until: Date | undefined, { world }: Call): Context {
  const days = until && Math.ceil((until.getTime() - world.clock.now()) / 86_400_000);
  return {
    's3:object-lock-mode': mode,
    's3:object-lock-retain-until-date': until?.toISOString(),
    's3:object-lock-remaining-retention-days': days === undefined ? undefined : String(days),
  };
}
