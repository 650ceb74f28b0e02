import { AwsError } from '../../world/service.ts';

const CODES: readonly (readonly [RegExp, string])[] = [
  [/AlreadyExists|BucketAlreadyOwnedByYou|Duplicate|Conflict/, 'AlreadyExists'],
  [/AccessDenied|Unauthorized/, 'AccessDenied'],
  [/NotFound|NoSuch/, 'NotFound'],
  [/LimitExceeded|TooMany|QuotaExceeded/, 'ServiceLimitExceeded'],
  [/Throttl/, 'Throttling'],
  [/Invalid|Validation|Malformed|Unsupported|Client/, 'InvalidRequest'],
];

/** An error of a service as CloudFormation tells it ("HandlerErrorCode", CloudFormation API reference). */
export function handlerReason(thrown: unknown, type: string, token: string): string {
  if (!(thrown instanceof AwsError))
    return `local-aws failed: ${thrown instanceof Error ? thrown.stack : thrown}`;
  const [, , service = ''] = /^(\w+)::(\w+)::/.exec(type) ?? [];
  const code = CODES.find(([pattern]) => pattern.test(thrown.code))?.[1] ?? 'GeneralServiceException';
  const told = `${thrown.message} (Service: ${service}, Status Code: ${thrown.status}, Request ID: ${token})`;
  return `Resource handler returned message: "${told}" (RequestToken: ${token}, HandlerErrorCode: ${code})`;
}

/** The resource is not there, which is what its removal wanted. */
export function isGone(thrown: unknown): boolean {
  return thrown instanceof AwsError && /NotFound|NoSuch|NotExist/.test(thrown.code);
}
