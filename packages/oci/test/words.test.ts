import { describe, expect, it } from '@jest/globals';
import { expandWord } from '../src/dockerfile/expand-word.ts';
import { splitWords } from '../src/dockerfile/split-words.ts';

const VALUES: Readonly<Record<string, string>> = {
  NAME: 'value',
  EMPTY: '',
  VERSION: 'v1.24.1-alpine3',
  STARS: '**a}/\\b',
  FLAGS: 'go🚀x',
};
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

  // Each row is what BuildKit does with it.
  it.each([
    ['${MISSING:-${EMPTY:-${NAME}}}', 'value'],
    ['${MISSING:-$NAME:}', 'value:'],
    ['${MISSING:-\\${NAME}z}', '${NAMEz}'],
    ["${MISSING:-'a}b'}", 'a}b'],
    ['${MISSING:-a {b}', 'a {b'],
    ['"${MISSING:-"two words"}"', 'two words'],
    ['${NAME?}', 'value'],
    ['${NAME:?why}', 'value'],
    ['${EMPTY?}', ''],
    ['${VERSION#*.}', '24.1-alpine3'],
    ['${VERSION##*.}', '1-alpine3'],
    ['${VERSION%.*}', 'v1.24'],
    ['${VERSION%%.*}', 'v1'],
    ['${VERSION#v}', '1.24.1-alpine3'],
    ['${VERSION#x}', 'v1.24.1-alpine3'],
    ['${VERSION%?}', 'v1.24.1-alpine'],
    ['${VERSION%-${MISSING:-alpine}*}', 'v1.24.1'],
    ['${STARS#\\*}', '*a}/\\b'],
    ['${STARS##\\*\\*}', 'a}/\\b'],
    ['${STARS%\\\\b}', '**a}/'],
    ['${STARS#*\\}}', '/\\b'],
    ['${MISSING%x}', ''],
    ['${VERSION/./-}', 'v1-24.1-alpine3'],
    ['${VERSION//./-}', 'v1-24-1-alpine3'],
    ['${VERSION/.*-/_}', 'v1_alpine3'],
    ['${VERSION//*/x}', 'x'],
    ['${STARS//\\//:}', '**a}:\\b'],
    ['${VERSION/v/$NAME-}', 'value-1.24.1-alpine3'],
    ['${VERSION//1/}', 'v.24.-alpine3'],
    ['${FLAGS%🚀?}', 'go'],
    ['$@@', '@'],
    ['$$', ''],
    ['$12a', 'a'],
    ['${1:-b}', 'b'],
    ['he\\\\$NAME', 'he\\value'],
    ['end\\', 'end'],
  ])('%s becomes %s, as in BuildKit', (word, expected) => {
    expect(expand(word)).toBe(expected);
  });

  it.each([
    ['${EMPTY:?say which}', 'EMPTY: say which'],
    ['${MISSING?}', 'MISSING: it needs a value'],
    ['${NAME:=x}', 'modifier ='],
    ['${NAME:#x}', 'modifier #'],
    ['${NAME^}', 'modifier ^'],
    ['${NAME#a\\b}', 'the escape \\b'],
    ['${NAME/a}', 'no /'],
    ['${NAME', 'no }'],
    ['${NAME:-x', 'no }'],
    ['${}', 'without a name'],
    ['${:-x}', 'without a name'],
    ['${NAME//a/\\$0}', 'has a $'],
    ['"open', 'quote "'],
    ["'open", "quote '"],
  ])('%s is refused, as BuildKit refuses it: %s', (word, why) => {
    const refused = () => expand(word);
    expect(refused).toThrow(SyntaxError);
    expect(refused).toThrow(why);
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
