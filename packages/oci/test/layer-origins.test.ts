import { expect, test } from '@jest/globals';
import type { Digest } from '@tenant-delivery/domain';
import { layerOrigins } from '../src/layer-origins.ts';

const [A, B, C] = ['a', 'b', 'c'].map((letter): Digest => `sha256:${letter.repeat(64)}`) as [
  Digest,
  Digest,
  Digest,
]; // three letters
const image = (...layers: readonly Digest[]) => [{ platform: 'linux/amd64', digest: C, layers }];
const from = (...layers: readonly Digest[]) => ({ reference: 'base/node:24', digest: A, layers });

test.each([
  ['of a base that was looked into', [from(A)], image(A, B), { base: [A], own: [B] }],
  ['of no base', [], image(A, B), { base: [], own: [A, B] }],
  ['of several stages', [from(C), from(A)], image(A, B), { base: [A], own: [B] }],
  [
    'of a base that nobody could look into',
    [from(A), { reference: 'docker.io/node' }],
    image(A, B),
    undefined,
  ],
  ['of a base whose layers were written anew', [from(C)], image(A, B), undefined],
])('the layers of an image %s are told apart, or not at all', (_, bases, platforms, origins) => {
  expect(layerOrigins(bases, platforms)).toEqual(origins);
});
