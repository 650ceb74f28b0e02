import { expect, test } from '@jest/globals';
import { harmless } from '../src/terminal/harmless.ts';

test('a line that quotes a file of others cannot move the cursor, name the window or write over what stands there', () => {
  const hostile = 'line 3: \u001b]0;root\u0007\u001b[2K\rCVE-1\u009b1A is no vulnerability';
  const shown = 'line 3: ‹U+001B›]0;root‹U+0007›‹U+001B›[2K‹U+000D›CVE-1‹U+009B›1A is no vulnerability';
  expect(harmless(hostile)).toBe(shown);
  const ours = '\u001b[1mdone\u001b[22m\tin\n2 s';
  expect(harmless(ours)).toBe(ours);
});

test('a character that nobody sees is told in a terminal as in a summary', () => {
  expect(harmless('orders\u2060-\u202eipa\u{e0041}')).toBe('orders‹U+2060›-‹U+202E›ipa‹U+E0041›');
});
