import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readIgnore } from '../src/context/ignore.ts';
import { readPattern } from '../src/context/pattern.ts';

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
    ['[^a-c].txt', 'b.txt', false],
    ['[^a-c].txt', 'd.txt', true],
    ['[!a].txt', 'a.txt', true],
    ['[\\]\\-x].txt', '-.txt', true],
    ['# comment', '# comment', false],
    ['  # no comment', '# no comment', true],
    ['a/../b', 'b/c', true],
    ['*\n!keep.txt', 'keep.txt', false],
    ['*\n!keep.txt', 'other.txt', true],
    ['docs\n!docs/README.md', 'docs/README.md', false],
    ['!docs/README.md\ndocs', 'docs/README.md', true],
    ['docs/**\n!docs/*.md', 'docs/a.md', false],
    ['a.b', 'axb', false],
    ['a\\*', 'a*', true],
    ['a\\*', 'ab', false],
    ['a?b', 'a☺b', true],
    ['**', '.env', true],
    ['**/**', 'a/b', true],
    ['abc/**', 'abc', false],
    ['a**/*.txt', 'a/b/c/file.txt', true],
    ['**file', 'folder/my.file', true],
    ['**/file', 'folder/myfile', false],
    ['**/dir2/*', 'dir/dir2/file', true],
  ])('%j on %s: left out is %s', (text, path, expected) => {
    expect(readIgnore(text).excludes(path)).toBe(expected);
  });

  it('never lets .git into an image, where a checkout keeps its token', () => {
    for (const path of ['.git', '.git/config'])
      expect(readIgnore('!.git\n!.git/config').excludes(path)).toBe(true);
    expect(readIgnore('').excludes('.gitignore')).toBe(false);
  });
});

it('names every line that BuildKit would refuse, and reads none of the others', () => {
  const text = '# patterns\nnode_modules\n[z-a]\n!\n**/a[b\n[]a]\n[x-]\nlast\\\n';
  expect(() => readIgnore(text, 'orders.dockerignore')).toThrow(
    expect.objectContaining({
      code: 'DOCKERFILE_INVALID',
      message: expect.stringContaining('orders.dockerignore cannot be read'),
      details: [
        'line 3: [z-a] has the range z-a, which ends before it begins',
        'line 4: ! names nothing that is to be kept',
        'line 5: **/a[b has a [ without its ]; write \\[ for the character',
        'line 6: []a] has a ] in a class that needs a \\ before it',
        'line 7: [x-] has a ] in a class that needs a \\ before it',
        'line 8: last\\ ends in a \\ that escapes nothing',
      ],
    }),
  );
});

describe('a pattern', () => {
  /** Pieces of a pattern, each beside the regular expression that Docker makes of it. */
  const piece = fc.constantFrom<readonly [string, string]>(
    ['**/', '(.*/)?'],
    ['*', '[^/]*'],
    ['?', '[^/]'],
    ['[ab]', '[ab]'],
    ['[^a-b]', '[^a-b]'],
    ['\\*', '\\*'],
    ['/', '/'],
    ['a', 'a'],
    ['.', '\\.'],
  );
  const pieces = fc
    .array(piece, { minLength: 1, maxLength: 7 })
    .filter((them) => !/\*,\*|\*\*\/$/.test(them.map(([text]) => text).join()));
  const paths = fc.string({ unit: fc.constantFrom('a', 'b', 'x', '/', '.', '*'), maxLength: 9 });

  it("matches what Docker's regular expression matches", () => {
    fc.assert(
      fc.property(pieces, paths, (them, path) => {
        const pattern = readPattern(them.map(([text]) => text).join(''), 'ignore');
        const reference = new RegExp(`^${them.map(([, source]) => source).join('')}$`, 's');
        expect(pattern.matches(path)).toBe(reference.test(path));
        const onTheWay = path.split('/').map((_, n, all) => all.slice(0, n + 1).join('/'));
        expect(pattern.matchesOnTheWay(path)).toBe(onTheWay.some((one) => reference.test(one)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('of COPY matches part by part, as BuildKit does', () => {
    expect(readPattern('**/x', 'copy').matches('a/x')).toBe(true);
    expect(readPattern('**/x', 'copy').matches('x')).toBe(false);
    expect(readPattern('a/**', 'copy').matches('a/b/x')).toBe(false);
  });

  it.each([
    ['**/', 'a/'],
    ['**/*', 'a/'],
    ['*a', 'a'],
    ['[^b]*', 'a'],
  ])('%s, fifty times over, is decided at once, even when it is hostile', (part, piece) => {
    const before = performance.now();
    expect(readIgnore(`${part.repeat(50)}b`).excludes(piece.repeat(400))).toBe(false);
    expect(performance.now() - before).toBeLessThan(2_000);
  });
});
