import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { code, diff, escapeMarkdown, folded } from '../src/markdown.ts';

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
    expect(escapeMarkdown(text)).toBe('a‹U+202E›gnp.exe‹U+200B›');
    expect(code(text)).toBe('`a‹U+202E›gnp.exe‹U+200B›`');
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

  it('stays text in the line that opens to more, and the line stays one', () => {
    const line = folded('a</summary><img>\n', '@all see https://b.example #3', '| a |').split('\n\n');
    expect(line).toEqual([
      '<details><summary><b>a&lt;/summary>&lt;img></b> @<!-- -->all see https&#58;//b.example #<!-- -->3</summary>',
      '| a |',
      '</details>',
    ]);
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

describe('a character that nobody sees', () => {
  const UNSEEN = [
    '\u2060',
    '\u00ad',
    '\u3164',
    '\uffa0',
    '\u115f',
    '\u034f',
    '\u180e',
    '\ufe0f',
    '\u200d',
    '\u2800',
  ];
  const TAGS = ['\u{e0001}', '\u{e0041}', '\u{e007f}', '\u{e0100}', '\u0007', '\u0085', '\u2067', '\ud800'];

  it.each(
    [...UNSEEN, ...TAGS].map((one) => [one.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0'), one]),
  )('U+%s is told by its number in every place of a summary', (number, one) => {
    const text = `orders${one}-api`;
    const told = `orders‹U+${number}›-api`;
    expect(escapeMarkdown(text)).toBe(told);
    expect(code(text)).toBe(`\`${told}\``);
    expect(diff([{ path: text, from: text, to: null }])).toBe(`\`\`\`diff\n  ${told}\n-   ${told}\n\`\`\``);
  });

  it('of the whole class never passes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = [code(text), diff([{ path: text, from: text, to: text }])].join('');
        expect(shown).not.toMatch(/\p{Default_Ignorable_Code_Point}|\p{Bidi_Control}|\p{Cf}/u);
      }),
    );
  });

  it('stays where it makes one emoji of several in a sentence, and is told in a value', () => {
    const family = '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}';
    expect(escapeMarkdown(`by ${family} \u2764\ufe0f`)).toBe(`by ${family} \u2764\ufe0f`);
    expect(escapeMarkdown(`a\u200d${family}\ufe0f`)).toBe(`a‹U+200D›${family}‹U+FE0F›`);
    expect(code('\u2764\ufe0f')).toBe('`\u2764‹U+FE0F›`');
  });
});
