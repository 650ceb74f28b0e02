import { required, translated } from './translate.ts';

type RowsOf<Page, List extends keyof Page> =
  NonNullable<Page[List]> extends readonly (infer Row)[] ? Row : never;

/**
 * The rows of every page of a list, by the name that the list has in a page. A page without the list is a failure to
 * observe, never an empty list. An error with one of the names in `known` is an answer, as in `translated`.
 */
export function everyRow<Page, List extends keyof Page & string, const Name extends string = never>(
  action: string,
  pages: AsyncIterable<Page>,
  list: List,
  known: readonly Name[] = [],
): Promise<readonly RowsOf<Page, List>[] | Name> {
  const read = async () => {
    const rows: RowsOf<Page, List>[] = [];
    for await (const page of pages) rows.push(...listIn(page, list));
    return rows;
  };
  return translated(action, read(), known);
}

function listIn<Page, List extends keyof Page & string>(page: Page, list: List): RowsOf<Page, List>[] {
  return required(page[list], list) as RowsOf<Page, List>[]; // what RowsOf says of a list
}
