import { AwsError } from '../world/service.ts';

/** One page of a list as IAM pages: `MaxItems`, and a `Marker` while there is more. */
export function page<T>(
  all: readonly T[],
  {
    MaxItems = 100,
    Marker,
  }: { readonly MaxItems?: number | undefined; readonly Marker?: string | undefined },
): { readonly items: T[]; readonly rest: { readonly IsTruncated: boolean; readonly Marker?: string } } {
  const start = Marker === undefined ? 0 : Number(Buffer.from(Marker, 'base64').toString());
  if (!Number.isInteger(start) || MaxItems < 1)
    throw new AwsError('ValidationError', 'Invalid Marker or MaxItems.');
  const end = start + MaxItems;
  const more = end < all.length;
  return {
    items: all.slice(start, end),
    rest: { IsTruncated: more, ...(more ? { Marker: Buffer.from(String(end)).toString('base64') } : {}) },
  };
}
