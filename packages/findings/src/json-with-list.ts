/**
 * The JSON of an object and one more member, a list, item by item: a list of all findings is longer as text than it is
 * in memory.
 */
export function* jsonWithList<Item>(
  object: Readonly<Record<string, unknown>>,
  member: string,
  items: readonly Item[],
  shown: (item: Item) => unknown,
): Generator<string> {
  const others = JSON.stringify(object).slice(1, -1);
  yield `{${others}${others === '' ? '' : ','}${JSON.stringify(member)}:[`;
  let first = true;
  for (const item of items) {
    yield `${first ? '' : ','}${JSON.stringify(shown(item))}`;
    first = false;
  }
  yield ']}';
}
