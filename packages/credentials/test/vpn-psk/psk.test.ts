import { expect, test } from '@jest/globals';
import { drawPsk } from '../../src/vpn-psk/psk.ts';

test('a key is 64 of the characters that AWS takes, each as likely as any other, and never begins with a zero', () => {
  const bytes = Uint8Array.from({ length: 64 }, (_, index) => index);
  const [zero, every] = [new Uint8Array(64).fill(52), bytes];
  const drawn = [zero, every];
  const psk = drawPsk(() => drawn.shift() ?? every);
  expect(psk).toMatch(/^[A-Za-z0-9._]{64}$/);
  expect(new Set(psk).size).toBe(64);
  expect(psk.startsWith('0')).toBe(false);
});
