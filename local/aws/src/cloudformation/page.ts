import { pageOf } from '../world/page.ts';
import { invalid } from './template/refusals.ts';

/** A page of a list, and the token of the next one. */
export function page<Item>(
  all: readonly Item[],
  token: string | undefined,
  size: number,
): { readonly items: readonly Item[]; readonly next: { readonly NextToken?: string } } {
  const refused = () => invalid(`Token already expired or invalid: ${token}`);
  const { items, next } = pageOf(all, { token, size, refused });
  return { items, next: next === undefined ? {} : { NextToken: next } };
}
