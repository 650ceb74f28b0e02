import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { code, escapeMarkdown } from '../src/index.ts';

describe('text that others wrote', () => {
  it('cannot become HTML, a link, a mention, a table cell or a new line', () => {
    const shown = escapeMarkdown('<img src=x> [a](http://b) @all | `c`\n# d');
    expect(shown).not.toMatch(/<|(?<!\\)[[\]|`]|@|\n/);
  });

  it('stays inside its code span, whatever back-quotes it has', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('`', 'a', ' ', '|', '\n') }), (text) => {
        const span = code(text);
        const fence = /^`+/.exec(span)?.[0] ?? '';
        const inside = span.slice(fence.length, -fence.length);
        return !new RegExp(`(?<!\`)${fence}(?!\`)`).test(inside) && !/[\n|]/.test(span);
      }),
    );
  });
});
