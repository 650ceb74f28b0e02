import { expect, test } from '@jest/globals';
import { alterationsIn } from '../src/yaml-alterations.ts';

test.each([
  ['a comment behind a value', 'web:\n  A: foo #bar\n', 2, /followed by a comment/],
  ['a comment behind a value in quotes', 'web:\n  A: "foo" # bar\n', 2, /followed by a comment/],
  ['a comment behind a map on one line', 'web: { A: abc } # d }', 1, /followed by a comment/],
  ['a comment inside of a map on lines', 'web: { A: ab, # c\n B: d }', 1, /followed by a comment/],
  ['a second line that looks like a comment', 'web:\n  A: foo\n# bar\n  B: x\n', 3, /followed by a comment/],
  ['such a line at the end', 'web:\n  A: foo\n# bar\n', 3, /followed by a comment/],
  ['blanks at the end', 'web:\n  A: foo \n', 2, /ends in blanks/],
  ['a tab at the end of the text', 'web:\n  A: foo\t', 2, /ends in blanks/],
  ['blanks at the beginning', 'web:\n  A:  foo\n', 2, /begins with blanks/],
  ['nothing', 'web:\n  A:\n  B: x\n', 2, /is empty/],
  ['a block of nothing', 'web:\n  A: |\n  B: x\n', 2, /is empty/],
  ['another word for null', 'web:\n  A: ~\n', 2, /takes for null/],
  ['an anchor', 'web:\n  A: &x y\n', 2, /begins with &/],
  ['a tag', 'web:\n  A: !!str 5\n', 2, /begins with !/],
  ['lines that are joined', 'web:\n  A: foo\n    bar\n', 2, /several lines/],
  ['lines in quotes', 'web:\n  A: "foo\n    bar"\n', 2, /several lines in quotes/],
  ['the mark at which YAML ends', 'web:\n  A: foo\n...\n', 3, /followed by `\.\.\.`/],
  ['a name that is a number', 'web:\n  0x10: foo\n', 2, /a name that YAML reads as another/],
])('tells %s, by its name and line', (_, text, line, why) => {
  const [told, ...others] = alterationsIn(text);
  expect(told).toMatchObject({ line, why: expect.stringMatching(why) });
  expect(told?.keys).toEqual(['web', text.includes('0x10') ? '16' : 'A']);
  expect(others).toEqual([]);
});

test.each([
  'web: { A: foo, B: "x # y", C: null }',
  '{"web": {"A": "b"}}',
  'web: # the app\n  # noisy\n  A: | # as it is\n    foo # x\n  B: pass#word\n',
  '---\nweb:\n  "A": x\n  C: a b:c\n',
  'web:\r\n  A: foo\r\n  B: bar\r\n',
  'web:\n  A: |\n    #x\n    #y\n',
])('leaves alone what YAML takes as it is written: %j', (text) => {
  expect(alterationsIn(text)).toEqual([]);
});
