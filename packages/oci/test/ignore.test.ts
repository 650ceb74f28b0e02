import { describe, expect, it } from '@jest/globals';
import { readIgnore } from '../src/context/ignore.ts';
import { patternToRegExp } from '../src/context/pattern.ts';

describe('a .dockerignore', () => {
  it.each<[string, string, boolean]>([
    ['node_modules', 'node_modules/a/b', true],
    ['node_modules', 'packages/a/node_modules', false],
    ['**/node_modules', 'packages/a/node_modules/b', true],
    ['*.log', 'a.log', true],
    ['*.log', 'logs/a.log', false],
    ['**/*.log', 'logs/deep/a.log', true],
    ['/dist/', 'dist/main.js', true],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', false],
    ['[a-c].txt', 'b.txt', true],
    ['[!a-c].txt', 'b.txt', false],
    ['# comment', '# comment', false],
    ['*\n!keep.txt', 'keep.txt', false],
    ['*\n!keep.txt', 'other.txt', true],
    ['docs\n!docs/README.md', 'docs/README.md', false],
    ['!docs/README.md\ndocs', 'docs/README.md', true],
    ['docs/**\n!docs/*.md', 'docs/a.md', false],
    ['a.b', 'axb', false],
  ])('%j on %s: left out is %s', (text, path, expected) => {
    expect(readIgnore(text).excludes(path)).toBe(expected);
  });

  it('never lets .git into an image, where a checkout keeps its token', () => {
    for (const path of ['.git', '.git/config'])
      expect(readIgnore('!.git\n!.git/config').excludes(path)).toBe(true);
    expect(readIgnore('').excludes('.gitignore')).toBe(false);
  });
});

it('a pattern that is no class is taken as text', () => {
  expect(patternToRegExp('a[b').test('a[b')).toBe(true);
  expect(patternToRegExp('a\\*').test('a*')).toBe(true);
  expect(patternToRegExp('a\\*').test('ab')).toBe(false);
});
