import { expect, it } from '@jest/globals';
import { breaches } from '../src/imports.ts';

it('no room imports what it may not', () => {
  expect(breaches()).toEqual([]);
});
