import { expect, test } from '@jest/globals';
import counts from '../src/counts.json' with { type: 'json' };
import { counted } from '../src/counts.ts';

const { exchanges, alike, ...more } = counts.moto;

test('as much as before, or more, passes', () => {
  expect(() => counted('moto', { exchanges, alike: alike + 1, ...more })).not.toThrow();
});

test('less than before fails, with every count that fell and both numbers', () => {
  expect(() => counted('moto', { exchanges: exchanges - 1, alike: alike - 2, ...more })).toThrow(
    new RegExp(
      `moto: ${exchanges - 1} exchanges, ${exchanges} before\nmoto: ${alike - 2} alike, ${alike} before\nIf`,
    ),
  );
  expect(() => counted('moto', { exchanges: exchanges - 1, alike, ...more })).toThrow(/exchanges/);
});
