import { Failure } from '@tenant-delivery/action-kit/failure';
import { failures } from '../failures.ts';

const DENIED =
  /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|UnauthorizedException|AuthorizationError|NotAuthorized)$/;
const EXPIRED = /^(ExpiredToken|ExpiredTokenException|RequestExpired)$/;
const THROTTLED =
  /^(Throttling|ThrottlingException|ThrottledException|TooManyRequestsException|RequestLimitExceeded|SlowDown|RequestThrottled|RequestThrottledException|BandwidthLimitExceeded|ProvisionedThroughputExceededException)$/;
/** Operations that leave nothing behind at AWS, whether they were done or not. */
const ONLY_ASKS = /^[\w-]+:(Get|List|Describe|BatchGet|Lookup|AssumeRole|Sign$)/;

/**
 * Awaits one answer of AWS. An error whose name the caller knows is an answer too, and is returned by its name;
 * every other error becomes a Failure that names `action`, the IAM action (`ecs:UpdateService`).
 */
export async function translated<T, const Name extends string = never>(
  action: string,
  answer: Promise<T>,
  known: readonly Name[] = [],
): Promise<T | Name> {
  try {
    return await answer;
  } catch (cause) {
    const name = known.find((name) => name === nameOf(cause));
    if (name !== undefined) return name;
    throw failureOf(action, cause);
  }
}

/** A member that the answer must have. Its absence is a failure to observe, never "nothing there". */
export function required<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw failures.awsEmptyReply(what);
  return value;
}

export function failureOf(action: string, cause: unknown): Failure {
  if (cause instanceof Failure) return cause;
  const name = nameOf(cause);
  const said = `${name}: ${messageOf(cause)}`;
  if (DENIED.test(name)) return failures.awsDenied(action, said, cause);
  if (name === 'CredentialsProviderError') return failures.awsCredentialsMissing(action, cause); // nothing was sent
  if (EXPIRED.test(name)) return failures.awsSessionExpired(action, said, cause);
  if (THROTTLED.test(name)) return failures.awsThrottled(action, said, cause);
  const status = statusOf(cause);
  if (status === undefined || status < 300) {
    return ONLY_ASKS.test(action)
      ? failures.awsUnread(action, said, cause)
      : failures.awsUnknownOutcome(action, said, cause);
  }
  return status >= 500
    ? failures.awsUnavailable(action, said, cause)
    : failures.awsRefused(action, said, cause);
}

export function nameOf(cause: unknown): string {
  return textOf(cause, 'name') ?? 'Error';
}

/** What a failed request came back with; `undefined` when no answer came. */
export function statusOf(cause: unknown): number | undefined {
  const metadata = metadataOf(cause);
  return typeof metadata?.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

/** How often the request was sent; more than once means that an earlier try may have taken effect. */
export function attemptsOf(cause: unknown): number {
  const metadata = metadataOf(cause);
  return typeof metadata?.attempts === 'number' ? metadata.attempts : 1;
}

function metadataOf(cause: unknown): { httpStatusCode?: unknown; attempts?: unknown } | undefined {
  if (typeof cause !== 'object' || cause === null || !('$metadata' in cause)) return undefined;
  const metadata = cause.$metadata;
  return typeof metadata === 'object' && metadata !== null ? metadata : undefined;
}

export function messageOf(cause: unknown): string {
  return textOf(cause, 'message') ?? String(cause);
}

/** By shape, because an error may come from another realm, where `instanceof Error` does not hold. */
function textOf(cause: unknown, member: 'name' | 'message'): string | undefined {
  if (typeof cause !== 'object' || cause === null || !(member in cause)) return undefined;
  const value: unknown = Reflect.get(cause, member);
  return typeof value === 'string' ? value : undefined;
}
