import { AwsError } from '../../world/service.ts';

/** One page of a List operation; the token is the position of the next one. */
export function page<T>(
  all: readonly T[],
  {
    nextToken,
    maxResults = 100,
  }: { readonly nextToken?: string | undefined; readonly maxResults?: number | undefined },
): { readonly items: T[]; readonly next: { readonly nextToken?: string } } {
  const from = nextToken === undefined ? 0 : Number(nextToken);
  if (!Number.isInteger(from) || from < 0 || from > all.length) {
    throw new AwsError('InvalidParameterException', 'Invalid token.');
  }
  const to = from + maxResults;
  return { items: all.slice(from, to), next: to < all.length ? { nextToken: String(to) } : {} };
}
