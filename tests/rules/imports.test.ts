import { expect, it } from '@jest/globals';
import { breaches } from './imports.ts';

it('no room imports what it may not', () => {
  expect(breaches()).toEqual([]);
});
