import type {
  GetBucketPolicyCommandInput,
  GetBucketPolicyCommandOutput,
  GetPublicAccessBlockCommandInput,
  GetPublicAccessBlockCommandOutput,
} from '@aws-sdk/client-s3';
import type { Output } from '../services/output.ts';
import { AwsError, type Call } from '../world/service.ts';
import { openBucket } from './access.ts';

export function getBucketPolicy(
  input: GetBucketPolicyCommandInput,
  call: Call,
): Output<GetBucketPolicyCommandOutput> {
  const { name, policy } = openBucket(call, input);
  if (!policy)
    throw new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', 404, { BucketName: name });
  return { Policy: JSON.stringify(policy) };
}

/** New buckets have all four since April 2023 ("Blocking public access", Amazon S3 user guide). */
const OF_NEW_BUCKETS = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

export function getPublicAccessBlock(
  input: GetPublicAccessBlockCommandInput,
  call: Call,
): Output<GetPublicAccessBlockCommandOutput> {
  const { name, publicAccess = 'blocked' } = openBucket(call, input);
  if (publicAccess === 'open')
    throw new AwsError(
      'NoSuchPublicAccessBlockConfiguration',
      'The public access block configuration was not found',
      404,
      { BucketName: name },
    );
  return { PublicAccessBlockConfiguration: OF_NEW_BUCKETS };
}
