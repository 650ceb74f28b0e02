import { callerOf, globalContext } from '../policy/caller.ts';
import type { Context } from '../policy/condition.ts';
import { evaluate } from '../policy/evaluate.ts';
import { AwsError, type Call } from '../world/service.ts';
import { type Bucket, bucketsOf } from './state.ts';

interface Asked {
  readonly Bucket: string | undefined;
  readonly Key?: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
}

/**
 * The bucket that a request names, if its caller may do this there: its owner must be the expected one, its policy must
 * not deny, and a caller from another account needs the policy's leave.
 */
export function openBucket(call: Call, action: string, asked: Asked, context: Context = {}): Bucket {
  const { Bucket: name = '', Key, ExpectedBucketOwner } = asked;
  const bucket = Object.hasOwn(bucketsOf(call.world), name) ? bucketsOf(call.world)[name] : undefined;
  if (!bucket)
    throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: name });
  if (ExpectedBucketOwner !== undefined && ExpectedBucketOwner !== bucket.account) throw accessDenied();
  const { principal } = call;
  if (!principal) throw accessDenied();
  const arn = `arn:aws:s3:::${name}${Key === undefined ? '' : `/${Key}`}`;
  const verdict = bucket.policy
    ? evaluate(bucket.policy, {
        caller: callerOf(principal),
        action,
        resource: arn,
        context: { ...globalContext(principal, call.region), ...context },
      })
    : 'silent';
  const home = principal.account === bucket.account;
  if (verdict === 'denied' || (verdict === 'silent' && !home)) {
    const why =
      verdict === 'denied'
        ? 'with an explicit deny in a resource-based policy'
        : 'because no resource-based policy allows it';
    throw accessDenied(
      `User: ${principal.arn} is not authorized to perform: ${action} on resource: "${arn}" ${why}`,
    );
  }
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
