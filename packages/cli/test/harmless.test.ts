import { expect, test } from '@jest/globals';
import { harmless } from '../src/terminal/harmless.ts';

test('a line that quotes a file of others cannot move the cursor, name the window or write over what stands there', () => {
  const hostile = 'line 3: \u001b]0;root\u0007\u001b[2K\rCVE-1\u009b1A is no vulnerability';
  const shown = 'line 3: \\u001b]0;root\\u0007\\u001b[2K\\u000dCVE-1\\u009b1A is no vulnerability';
  expect(harmless(hostile)).toBe(shown);
  const ours = '\u001b[1mdone\u001b[22m\tin\n2 s';
  expect(harmless(ours)).toBe(ours);
});
