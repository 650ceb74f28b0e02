import { expect, test } from '@jest/globals';
import { readYamlText } from '../src/yaml-text.ts';

test('knows where each part stands, and of what is not there what would hold it', () => {
  const read = readYamlText('a:\n  - 1\n  - b c: 2\n    d: { e: [x, y] }\n');
  if ('mistakes' in read) throw new Error(read.mistakes.join());
  expect(read.value).toEqual({ a: [1, { 'b c': 2, d: { e: ['x', 'y'] } }] });
  expect(read.place([])).toBe('line 1, column 1');
  expect(read.place(['a', 1, 'b c'])).toBe('line 3, column 5');
  expect(read.place(['a', 1, 'd', 'e', 1])).toBe('line 4, column 17');
  expect(read.place(['a', 1, 'd', 'no'])).toBe('line 4, column 5');
});

test('repeats nothing that stands there', () => {
  const texts = [
    'a: "x" hunter2\n',
    'a: [b]]: hunter2\n',
    '- a\nb: hunter2\n',
    '"a": "b"\n "hunter2": c\n  }hunter2',
    'a: !hunter2\n',
    'a: !<hunter2> x\n',
    'a: |hunter2\n',
    'a: "\\xhunter2"\n',
    '%hunter2 x\n---\na: 1\n',
    'a: *hunter2\n',
  ];
  for (const text of texts) {
    const read = readYamlText(text);
    expect(read).toHaveProperty('mistakes');
    expect(JSON.stringify(read)).not.toContain('hunter2');
  }
});

test.each([
  ['a line that begins too far right', 'a:\n  b: 1\n   c: 2\nd: 3\n', 'line 2, column 6: Lines of one level'],
  ['a line that begins too far left', 'a:\n  b: 1\n c: 2\nd: 3\n', 'line 3, column 1: All mapping items'],
  [
    'a first line that begins too far right',
    ' a: 1\nb: 2\nc:\n  d: 3\n',
    'line 2, column 1: Unexpected here',
  ],
  ['an item that begins too far left', 'a:\n  - b\n - c\n', 'line 3, column 1: Lines of one level'],
  ['tabs', 'a:\n\tb: 1\n\tc: 2\n', 'line 2, column 1: Tabs are not allowed'],
])('%s is one mistake, and not one for each line after it', (_, text, mistake) => {
  const read = readYamlText(text);
  expect(read).toEqual({ mistakes: [expect.stringContaining(mistake)] });
});

test('keys that stand there twice are all named', () => {
  expect(readYamlText('a: 1\na: 2\nb: 1\nb: 2\n')).toMatchObject({ mistakes: { length: 2 } });
});

test.each([
  ['a: &x 1\nb: *x\n', 'line 2, column 4: is an alias'],
  ['a: !Ref Something\n', 'line 1, column 4: Unresolved tag; put the value into quotes'],
  [`a: ${'['.repeat(20_000)}`, 'Too deep; nobody reads so many levels'],
  ['a: 1\na: 2\n', 'line 2, column 1: This key is there twice; keep one of them'],
  [
    'a: 1\n---\nb: 2\n',
    'line 2, column 1: A second document begins here; keep one, and take the line `---` out',
  ],
  ['a: [1\n', 'line 2, column 1: Flow sequence in block collection must be'],
])('refuses %j with its place', (text, mistake) => {
  expect(readYamlText(text)).toMatchObject({
    mistakes: expect.arrayContaining([expect.stringContaining(mistake)]),
  });
});
