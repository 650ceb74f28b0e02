import { agreedPullThrough } from './agreed.ts';
import { pullThroughMistakes } from './policy.ts';
import type { PullThrough } from './terms.ts';

export function lintPullThrough(credential: PullThrough): readonly string[] {
  return pullThroughMistakes(agreedPullThrough(credential)).map((mistake) => `policy: ${mistake}`);
}
