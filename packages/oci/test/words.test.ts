// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of a Dockerfile, not of a template
import { describe, expect, it } from '@jest/globals';
import { expandWord, splitWords } from '../src/dockerfile/words.ts';

const VALUES: Readonly<Record<string, string>> = { NAME: 'value', EMPTY: '', SPACED: 'two words' };
const expand = (word: string) => expandWord(word, (name) => VALUES[name], '\\');

describe('a word of a Dockerfile', () => {
  it.each([
    ['plain', 'plain'],
    ['$NAME', 'value'],
    ['${NAME}/x', 'value/x'],
    ['a$NAME.b', 'avalue.b'],
    ['$MISSING', ''],
    ['${MISSING:-other}', 'other'],
    ['${EMPTY:-other}', 'other'],
    ['${EMPTY-other}', ''],
    ['${NAME:+set}', 'set'],
    ['${MISSING:+set}', ''],
    ['${MISSING:-$NAME}', 'value'],
    ["'$NAME'", '$NAME'],
    ['"$NAME and $NAME"', 'value and value'],
    ['\\$NAME', '$NAME'],
    ['"a\\"b"', 'a"b'],
    ['"a\\nb"', 'a\\nb'],
    ['$', '$'],
    ['5$', '5$'],
  ])('%s becomes %s', (word, expected) => {
    expect(expand(word)).toBe(expected);
  });

  it('is refused in a form that would be guessed at', () => {
    for (const word of ['${NAME%x}', '${NAME:?no}', '"open', "'open"])
      expect(() => expand(word)).toThrow(SyntaxError);
  });

  it('ends at a blank outside quotes', () => {
    expect(splitWords('A=1  B="two words" C=\\ x \'d e\'', '\\')).toEqual([
      'A=1',
      'B="two words"',
      'C=\\ x',
      "'d e'",
    ]);
  });
});
