import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { code, escapeMarkdown } from '../src/index.ts';

describe('text that others wrote', () => {
  it('cannot become HTML, a link, a mention, a table cell or a new line', () => {
    const shown = escapeMarkdown('<img src=x> [a](http://b) @all | `c`\n# d');
    expect(shown).not.toMatch(/<|(?<!\\)[[\]|`]|@|\n/);
  });

  it.each([
    ['3.0.9-1 in eu-west-1a (not fixed)', '3.0.9-1 in eu-west-1a (not fixed)'],
    ['- a\n- b', '\\- a - b'],
    ['# d', '\\# d'],
    ['1. one', '1\\. one'],
    ['    four', 'four'],
    ['see https://b.example', 'see https&#58;//b.example'],
    ['see www.b.example', 'see www&#46;b.example'],
    ['&lt;b&gt; costs $1', '&amp;lt;b&amp;gt; costs \\$1'],
  ])('is shown as it is: %j', (text, source) => {
    expect(escapeMarkdown(text)).toBe(source);
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
