import { pullThroughMistakes } from '@tenant-delivery/rotation/pull-through/policy';
import { agreedPullThrough } from '../pull-through-times.ts';
import type { LintCredential } from './around.ts';

export const lintPullThrough: LintCredential<'pull-through'> = (credential) =>
  pullThroughMistakes(agreedPullThrough(credential)).map((mistake) => `policy: ${mistake}`);
