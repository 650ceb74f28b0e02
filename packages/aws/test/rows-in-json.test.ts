import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rowSplitter } from '../src/ecr/rows-in-json.ts';

/** The rows and the rest of a text that comes in pieces of this length. */
function split(text: string, length: number) {
  const rows: { readonly list: string; readonly row: unknown }[] = [];
  const splitter = rowSplitter('page', ['a', 'b'], (list, row) => rows.push({ list, row: JSON.parse(row) }));
  for (let at = 0; at < text.length; at += length) splitter.add(text.slice(at, at + length));
  return { rows, rest: splitter.rest() };
}

/** Any text: control characters, and halves of what takes two. */
const name = fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)) });
const row = fc.dictionary(name, fc.jsonValue());
const page = fc.record({
  before: fc.jsonValue(),
  page: fc.record({ first: fc.jsonValue(), a: fc.array(row), other: fc.array(row), b: fc.array(row) }),
  after: fc.record({ a: fc.array(row), page: fc.record({ a: fc.array(row) }) }),
});

describe('rows in a JSON text', () => {
  it('are what a parser of the whole text finds, wherever the text is cut, and the rest is the text without them', () => {
    fc.assert(
      fc.property(page, fc.integer({ min: 1, max: 40 }), fc.boolean(), (value, length, spaced) => {
        const { rows, rest } = split(JSON.stringify(value, null, spaced ? 2 : undefined), length);
        const expected = JSON.parse(JSON.stringify(value)) as typeof value;
        const all = (['a', 'b'] as const).flatMap((list) =>
          expected.page[list].map((row) => ({ list, row })),
        );
        expect(rows).toEqual(all);
        expect(JSON.parse(rest)).toEqual({ ...expected, page: { ...expected.page, a: [], b: [] } });
      }),
    );
  });

  it('leave a text that breaks off broken', () => {
    const text = JSON.stringify({ page: { a: [{ x: '}]' }, { y: 1 }] }, next: 'n' });
    for (let to = 1; to < text.length; to += 1)
      expect(() => JSON.parse(split(text.slice(0, to), 7).rest)).toThrow(SyntaxError);
  });
});
