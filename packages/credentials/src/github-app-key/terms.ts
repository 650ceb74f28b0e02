import { whole } from '@tenant-delivery/action-kit/schema';
import * as v from 'valibot';
import { External } from '../consumers.ts';
import { escrow, ofEvery } from '../terms.ts';

/** The private key of a GitHub App, which only its owner can make, in GitHub's settings. */
export const GithubAppKey = v.strictObject({
  kind: v.literal('github-app-key'),
  ...ofEvery,
  /** How long people may take until the old key is deleted. */
  drainDays: v.optional(whole(2, 180)),
  app: whole(1, Number.MAX_SAFE_INTEGER),
  escrow,
  consumers: v.array(External),
});
export type GithubAppKey = v.InferOutput<typeof GithubAppKey>;
