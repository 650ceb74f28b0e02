import { expect, test } from '@jest/globals';
import { oversized } from '../../src/plan/judge-state.ts';

const { byteLength } = Buffer;

test('a template is refused above what a request carries, counted in bytes', () => {
  const full = 'é'.repeat(25_600);
  expect(byteLength(full)).toBe(51_200);
  expect(oversized('td-acme-prod-network', full)).toEqual([]);
  expect(oversized('td-acme-prod-network', `${full} `)).toEqual([
    'the template of td-acme-prod-network has 51201 bytes, and a request carries 51200: shorten the names of its resources, or agree on fewer',
  ]);
});
