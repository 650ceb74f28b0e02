import type { Filter } from '@aws-sdk/client-ec2';
import { filtered, page, type Readers } from './asked.ts';
import { allOf, find, type Here, type Kind, type ResourceOf } from './kinds.ts';

interface Describing {
  readonly Filters?: readonly Filter[] | undefined;
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

/** What a Describe operation answers of one kind: those with the ids that are asked for, else all, filtered and in pages. */
export function described<K extends Kind, Input extends Describing>(
  here: Here,
  kind: K,
  input: Input,
  ids: keyof Input,
  readers: Readers<ResourceOf<K>>,
): { readonly found: readonly ResourceOf<K>[]; readonly next: { NextToken?: string } } {
  const asked = (input[ids] ?? []) as readonly string[]; // every Describe has its ids in a list
  const all: readonly ResourceOf<K>[] =
    asked.length > 0 ? asked.map((id) => find(here, kind, id)) : Object.values(allOf(here, kind));
  const { items, next } = page(filtered(all, input.Filters, readers), input);
  return { found: items, next };
}
