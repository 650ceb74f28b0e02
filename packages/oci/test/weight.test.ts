import { expect, test } from '@jest/globals';
import { weigh } from '../src/context/weight.ts';

const context = (sizes: Readonly<Record<string, number>>) => ({
  entries: Object.entries(sizes).map(([path, size]) => ({ path, size, kind: 'file', mode: 0o644 }) as const),
});

test('a context is as large as its files, and its largest places are named as exactly as they can be', () => {
  const weight = weigh(
    context({ 'a/b/c/x': 90, 'a/b/y': 5, 'lib/one/1': 20, 'lib/two/2': 20, z: 10, 'tiny/t': 1 }),
  );
  expect(weight).toEqual({
    bytes: 146,
    largest: [
      { path: 'a/b/c/x', bytes: 90 },
      { path: 'lib', bytes: 40 },
      { path: 'z', bytes: 10 },
    ],
  });
});

test('of many small files none is named', () => {
  const files = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`file-${n}`, 1]));
  expect(weigh(context(files))).toEqual({ bytes: 100, largest: [] });
});
