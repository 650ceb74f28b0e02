import { invalid } from './template/refusals.ts';

/** A page of a list, and the token of the next one. */
export function page<Item>(
  all: readonly Item[],
  token: string | undefined,
  size: number,
): { readonly items: readonly Item[]; readonly next: { readonly NextToken?: string } } {
  const from = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(from) || from < 0 || from > all.length)
    throw invalid(`Token already expired or invalid: ${token}`);
  const to = from + size;
  return { items: all.slice(from, to), next: to < all.length ? { NextToken: String(to) } : {} };
}
