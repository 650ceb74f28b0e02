import type {
  GetBucketVersioningCommandInput,
  GetBucketVersioningCommandOutput,
  HeadBucketCommandInput,
  HeadBucketCommandOutput,
  ListBucketsCommandInput,
  ListBucketsCommandOutput,
} from '@aws-sdk/client-s3';
import { openBucket } from '../s3/access.ts';
import { getBucketPolicy, getPublicAccessBlock } from '../s3/configuration.ts';
import { deleteObject } from '../s3/delete.ts';
import { listObjectsV2, listObjectVersions } from '../s3/list.ts';
import { getObject, headObject } from '../s3/read.ts';
import { getObjectLockConfiguration, getObjectRetention, putObjectRetention } from '../s3/retention.ts';
import { s3Rules } from '../s3/rules.ts';
import { bucketsOf } from '../s3/state.ts';
import { putObject } from '../s3/write.ts';
import type { Call, Service } from '../world/service.ts';
import type { Output } from './output.ts';

export { type Bucket, bucketsOf, putBucket } from '../s3/state.ts';

/** S3 as far as a vault needs it: versions, conditional writes, Object Lock, bucket policies. */
export const s3: Service = {
  name: 's3',
  sdk: '@aws-sdk/client-s3',
  operations: {
    GetObject: getObject,
    HeadObject: headObject,
    PutObject: putObject,
    DeleteObject: deleteObject,
    ListObjectsV2: listObjectsV2,
    ListObjectVersions: listObjectVersions,
    GetObjectLockConfiguration: getObjectLockConfiguration,
    GetObjectRetention: getObjectRetention,
    PutObjectRetention: putObjectRetention,
    HeadBucket: headBucket,
    ListBuckets: listBuckets,
    GetBucketVersioning: getBucketVersioning,
    GetBucketPolicy: getBucketPolicy,
    GetPublicAccessBlock: getPublicAccessBlock,
  },
  rules: s3Rules,
};

function headBucket(input: HeadBucketCommandInput, call: Call): Output<HeadBucketCommandOutput> {
  const { region } = openBucket(call, input);
  return { BucketRegion: region };
}

function listBuckets(
  _input: ListBucketsCommandInput,
  { world, account }: Call,
): Output<ListBucketsCommandOutput> {
  const own = Object.values(bucketsOf(world)).filter((bucket) => bucket.account === account);
  return {
    Buckets: own.map(({ name, created, region }) => ({
      Name: name,
      CreationDate: new Date(created),
      BucketRegion: region,
    })),
    Owner: { ID: account },
  };
}

function getBucketVersioning(
  input: GetBucketVersioningCommandInput,
  call: Call,
): Output<GetBucketVersioningCommandOutput> {
  return openBucket(call, input).versioned ? { Status: 'Enabled' } : {};
}
