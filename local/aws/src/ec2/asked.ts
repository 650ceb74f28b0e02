import type { Filter } from '@aws-sdk/client-ec2';
import { matches } from '../policy/wildcard.ts';
import { pageOf } from '../world/page.ts';
import { AwsError } from '../world/service.ts';
import type { Tags } from './state.ts';

/** What a filter's values are compared with; one of several is enough. */
export type Readers<Item> = Readonly<Record<string, (item: Item) => string | readonly string[]>>;

/** Filters that every list has. */
const OF_TAGS: Readonly<Record<string, (item: { readonly tags: Tags }) => readonly string[]>> = {
  'tag-key': ({ tags }) => Object.keys(tags),
  'tag-value': ({ tags }) => Object.values(tags),
};

/** Those that pass every filter: by tags, and by what the readers know. */
export function filtered<Item extends { readonly tags: Tags }>(
  items: readonly Item[],
  filters: readonly Filter[] | undefined,
  readers: Readers<Item>,
): readonly Item[] {
  return (filters ?? []).reduce((left, filter) => left.filter(passes(filter, readers)), items);
}

function passes<Item extends { readonly tags: Tags }>(
  { Name = '', Values = [] }: Filter,
  readers: Readers<Item>,
): (item: Item) => boolean {
  const tag = /^tag:(.+)$/.exec(Name)?.[1];
  const read = Object.hasOwn(OF_TAGS, Name)
    ? OF_TAGS[Name]
    : Object.hasOwn(readers, Name)
      ? readers[Name]
      : undefined;
  const values = tag === undefined ? read : ({ tags }: Item) => (Object.hasOwn(tags, tag) && tags[tag]) || [];
  if (!values) throw new AwsError('NotImplemented', `local-aws does not filter by ${Name}.`, 501);
  return (item) => [values(item)].flat().some((one) => Values.some((value) => matches(value, one)));
}

interface Paging {
  readonly MaxResults?: number | undefined;
  readonly NextToken?: string | undefined;
}

/** One page of a list, and the token of the next. */
export function page<Item>(
  items: readonly Item[],
  { MaxResults, NextToken }: Paging,
): { readonly items: readonly Item[]; readonly next: { NextToken?: string } } {
  const { items: some, next } = pageOf(items, {
    token: NextToken,
    size: MaxResults ?? items.length,
    refused: () => new AwsError('InvalidNextToken', `The token '${NextToken}' is invalid`),
  });
  return { items: some, next: next === undefined ? {} : { NextToken: next } };
}

/** Asked after everything else was found good: the answer that means "you may". */
export function dryRun(asked: boolean | undefined): void {
  if (asked)
    throw new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
}
