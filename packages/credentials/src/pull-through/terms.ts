import { matching, whole } from '@tenant-delivery/action-kit/schema';
import * as v from 'valibot';
import { ofEvery } from '../terms.ts';

/** What pull-through cache rules of ECR sign in to their upstream with. */
export const PullThrough = v.strictObject({
  kind: v.literal('pull-through'),
  ...ofEvery,
  /** How long the old credential lives on before its owner revokes it upstream. */
  drainDays: v.optional(whole(1, 30)),
  secret: matching(/^ecr-pullthroughcache\/[\w/+=.@-]{1,200}$/, 'a secret below ecr-pullthroughcache/'),
  /** A rule that signs in with it, by the prefix of its repositories. Other rules that sign in with it are tried too. */
  prefix: matching(/^[a-z0-9][a-z0-9._/-]{1,29}$/, 'the prefix of a pull-through cache rule'),
});
export type PullThrough = v.InferOutput<typeof PullThrough>;
