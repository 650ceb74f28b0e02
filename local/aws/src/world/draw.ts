import { createHash } from 'node:crypto';

/** A number from 0 up to 1, the same for the same seed and words, in whatever order others are drawn. */
export function draw(seed: string, ...words: readonly (string | number)[]): number {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, ...words]))
    .digest();
  return digest.readUInt32BE() / 2 ** 32;
}
