import { AwsError } from '../world/service.ts';

/** One page of a Describe operation; the marker is the position of the next one. */
export function page<T>(
  all: readonly T[],
  {
    Marker,
    PageSize = 400,
  }: { readonly Marker?: string | undefined; readonly PageSize?: number | undefined },
): { readonly items: readonly T[]; readonly next: { readonly NextMarker?: string } } {
  const from = Marker === undefined ? 0 : Number(Marker);
  if (!Number.isInteger(from) || from < 0 || from > all.length) {
    throw new AwsError('ValidationError', 'The marker is not valid.');
  }
  if (PageSize < 1 || PageSize > 400)
    throw new AwsError('ValidationError', 'PageSize must be between 1 and 400.');
  const to = from + PageSize;
  return { items: all.slice(from, to), next: to < all.length ? { NextMarker: String(to) } : {} };
}
