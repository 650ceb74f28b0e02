import type { LintCredential } from '../lint.ts';
import { agreedPullThrough } from './agreed.ts';
import { pullThroughMistakes } from './policy.ts';

export const lintPullThrough: LintCredential<'pull-through'> = (credential) =>
  pullThroughMistakes(agreedPullThrough(credential)).map((mistake) => `policy: ${mistake}`);
