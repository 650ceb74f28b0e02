import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { code, diff, escapeMarkdown } from '../src/index.ts';

describe('text that others wrote', () => {
  it('cannot become HTML, a link, a mention, a table cell or a new line', () => {
    const shown = escapeMarkdown('<img src=x> [a](http://b) @all | `c`\n# d');
    expect(shown.replaceAll('@<!-- -->', '')).not.toMatch(/<|(?<!\\)[[\]|`]|@|\n/);
  });

  it.each([
    ['3.0.9-1 in eu-west-1a (not fixed)', '3.0.9-1 in eu-west-1a (not fixed)'],
    ['- a\n- b', '\\- a - b'],
    ['# d', '\\# d'],
    ['1. one', '1\\. one'],
    ['    four', 'four'],
    ['see https://b.example', 'see https&#58;//b.example'],
    ['ask @acme/all', 'ask @<!-- -->acme/all'],
    ['# as in a/b#12 and #3', '\\# as in a/b#<!-- -->12 and #<!-- -->3'],
    ['see www.b.example', 'see www&#46;b.example'],
    ['&lt;b&gt; costs $1', '&amp;lt;b&amp;gt; costs \\$1'],
  ])('is shown as it is: %j', (text, source) => {
    expect(escapeMarkdown(text)).toBe(source);
  });

  it('shows what would turn the text beside it, or could not be seen', () => {
    const text = 'a\u202egnp.exe\u200b';
    expect(escapeMarkdown(text)).toBe('a\\\\u202egnp.exe\\\\u200b');
    expect(code(text)).toBe('`a\\u202egnp.exe\\u200b`');
    expect(diff([{ path: text, from: null, to: text }])).not.toMatch(/[\u200b\u202e]/);
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

  it('stays inside its line of a diff, and a diff inside its fence', () => {
    expect(diff([{ path: 'image', from: null, to: 'b' }])).toBe('```diff\n  image\n+   b\n```');
    const words = fc.string({ unit: fc.constantFrom('`', 'a', ' ', '\n', '\r') });
    fc.assert(
      fc.property(words, words, (path, value) => {
        const lines = diff([{ path, from: value, to: value }]).split(/[\r\n]/);
        const fence = lines.at(-1) ?? '';
        expect(lines).toHaveLength(5);
        expect(lines[0]).toBe(`${fence}diff`);
        for (const line of lines.slice(1, -1)) expect(line).not.toContain(fence);
      }),
    );
  });
});
