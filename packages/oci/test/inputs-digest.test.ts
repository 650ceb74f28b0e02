import { expect, it } from '@jest/globals';
import { inputsDigest } from '../src/inputs-digest.ts';

const digest = (digit: string) => `sha256:${digit.repeat(64)}` as const;

const INPUTS = {
  dockerfile: 'FROM scratch',
  context: digest('1'),
  buildArgs: { A: '1', B: '2' },
  base: [{ reference: 'base/node:24', digest: digest('2') }],
  platforms: ['linux/amd64'],
};

it('everything that an image is made from has its part in the digest of its inputs', () => {
  const others = [
    { dockerfile: 'FROM scratch ' },
    { context: digest('3') },
    { buildArgs: { A: '1', B: '3' } },
    { base: [{ reference: 'base/node:24', digest: digest('4') }] },
    { base: [{ reference: 'base/node:24' }] },
    { platforms: ['linux/arm64'] },
  ].map((change) => inputsDigest({ ...INPUTS, ...change }));
  expect(new Set([inputsDigest(INPUTS), ...others]).size).toBe(7);
  expect(inputsDigest({ ...INPUTS, buildArgs: { B: '2', A: '1' } })).toBe(inputsDigest(INPUTS));
});
