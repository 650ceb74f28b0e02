import { AwsError, type Call } from '../world/service.ts';
import { isBucketName } from './bucket-name.ts';
import { type Bucket, bucketsOf } from './state.ts';

interface Asked {
  readonly Bucket: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
}

/** The bucket that a request names, in its own region; its owner must be the expected one. */
export function openBucket(call: Call, asked: Asked): Bucket {
  const { Bucket: name = '', ExpectedBucketOwner } = asked;
  const bucket = Object.hasOwn(bucketsOf(call.world), name) ? bucketsOf(call.world)[name] : undefined;
  if (!bucket && !isBucketName(name))
    throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName: name });
  if (!bucket)
    throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: name });
  if (ExpectedBucketOwner !== undefined && ExpectedBucketOwner !== bucket.account) throw accessDenied();
  if (call.region !== bucket.region)
    throw new AwsError(
      'AuthorizationHeaderMalformed',
      `The authorization header is malformed; the region '${call.region}' is wrong; expecting '${bucket.region}'`,
      400,
      { Region: bucket.region },
    );
  return bucket;
}

export function accessDenied(message = 'Access Denied'): AwsError {
  return new AwsError('AccessDenied', message, 403);
}
