import type * as v from 'valibot';
import type { Ask } from './ask.ts';

const PER_PAGE = 100; // GitHub's maximum

/** Every page of a list. `itemsOf` finds the list in an answer; a page that is not full is the last. */
export async function everyPage<Schema extends v.GenericSchema, Item>(
  ask: Ask,
  route: string,
  parameters: Readonly<Record<string, unknown>>,
  schema: Schema,
  itemsOf: (answer: v.InferOutput<Schema>) => readonly Item[],
): Promise<readonly Item[] | 'absent'> {
  const all: Item[] = [];
  for (let page = 1; ; page += 1) {
    const answer = await ask(route, { ...parameters, per_page: PER_PAGE, page }, schema);
    if (answer === 'absent') return 'absent';
    const items = itemsOf(answer);
    all.push(...items);
    if (items.length < PER_PAGE) return all;
  }
}

/** The cursor of the next page in a `Link` header ("Using pagination in the REST API"); none on the last. */
export function nextCursor(link: unknown): string | undefined {
  const [, address] = /<([^>]+)>;\s*rel="next"/.exec(String(link ?? '')) ?? [];
  return address === undefined ? undefined : (new URL(address).searchParams.get('after') ?? undefined);
}
