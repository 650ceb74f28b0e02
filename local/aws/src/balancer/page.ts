import { pageOf } from '../world/page.ts';
import { AwsError } from '../world/service.ts';

/** One page of a Describe operation; the marker is that of the next one. */
export function page<T>(
  all: readonly T[],
  {
    Marker,
    PageSize = 400,
  }: { readonly Marker?: string | undefined; readonly PageSize?: number | undefined },
): { readonly items: readonly T[]; readonly next: { readonly NextMarker?: string } } {
  if (PageSize < 1 || PageSize > 400)
    throw new AwsError('ValidationError', 'PageSize must be between 1 and 400.');
  const refused = () => new AwsError('ValidationError', 'The marker is not valid.');
  const { items, next } = pageOf(all, { token: Marker, size: PageSize, refused });
  return { items, next: next === undefined ? {} : { NextMarker: next } };
}
