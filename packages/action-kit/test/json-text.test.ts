import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readJsonText } from '../src/json-text.ts';

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

test('takes what JSON.parse takes, names that stand twice apart, and refuses the rest with a place', () => {
  const edited = fc
    .tuple(
      fc.json({ maxDepth: 3 }),
      fc.nat(),
      fc.constantFrom('', ',', '}', ']', '"', '\\', '\n', ' ', '0', '1.', ':', '{"a":1,', '\u007f', '#'),
    )
    .map(([text, at, insert]) => {
      const cut = at % (text.length + 1);
      return text.slice(0, cut) + insert + text.slice(cut + (at % 2));
    });
  fc.assert(
    fc.property(fc.oneof(fc.json({ maxDepth: 4 }), edited), (text) => {
      const [read, expected] = [readJsonText(text), parsed(text)];
      if ('value' in read) return expect({ value: read.value }).toEqual(expected);
      const twice = read.mistakes.every((mistake) => mistake.endsWith('is in one object twice'));
      expect(twice).toBe(expected !== undefined);
      for (const mistake of read.mistakes) expect(mistake).toMatch(/^line \d+, column \d+: /);
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['{"a": 1,\n  "b": [1, 2,]\n}', ['line 2, column 14: must not follow a comma: take the comma out']],
  [
    '{"a": 1,\r\n "a": 2, "a": 3}',
    ['line 2, column 2: "a" is in one object twice', 'line 2, column 10: "a" is in one object twice'],
  ],
  ['{"a": hunter2}', ['line 1, column 7: must be a value']],
  ['{"a" "hunter2"}', ['line 1, column 6: must be :']],
  ['{a: 1}', ['line 1, column 2: must be a name in double quotes']],
  ['{"a": 1 "b": 2}', ['line 1, column 9: must be , or }']],
  ['{"a": [1', ['line 1, column 9: must be , or ], but the file ends']],
  ['{} {}', ['line 1, column 4: must be the end of the file']],
  ['"a\nb"', ['line 1, column 1: must be a value']],
  ['', ['line 1, column 1: must be a value, but the file ends']],
])('says where %j is wrong', (text, mistakes) => {
  expect(readJsonText(text)).toEqual({ mistakes });
});

test('is not led into the depth', () => {
  expect(readJsonText('['.repeat(1e6))).toEqual({
    mistakes: ['line 1, column 66: is deeper than 64 levels'],
  });
});

test('knows where each part stands', () => {
  const read = readJsonText('{\n  "a": [1,\n    {"b\\u0063": 2}]\n}');
  if ('mistakes' in read) throw new Error(read.mistakes.join());
  expect(read.place([])).toBe('line 1, column 1');
  expect(read.place(['a'])).toBe('line 2, column 3');
  expect(read.place(['a', 1, 'bc'])).toBe('line 3, column 6');
  expect(read.place(['a', 1, 'no', 'more'])).toBe('line 3, column 5');
});
