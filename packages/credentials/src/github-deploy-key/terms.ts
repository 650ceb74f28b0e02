import * as v from 'valibot';
import { External, Slots } from '../consumers.ts';
import { escrow, ofEvery, repository, retiring } from '../terms.ts';

/** An SSH key by which one repository is read, or written. */
export const GithubDeployKey = v.strictObject({
  kind: v.literal('github-deploy-key'),
  ...ofEvery,
  ...retiring,
  /** What the key opens. */
  repository,
  /** `true` unless it may push. */
  readOnly: v.optional(v.boolean()),
  escrow,
  consumers: v.array(v.variant('kind', [Slots, External])),
});
export type GithubDeployKey = v.InferOutput<typeof GithubDeployKey>;
