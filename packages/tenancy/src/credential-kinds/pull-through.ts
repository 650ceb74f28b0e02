import * as v from 'valibot';
import { matching, ofEvery, retiring } from './terms.ts';

/** What a pull-through cache rule of ECR signs in to its upstream with. */
export const PullThrough = v.strictObject({
  kind: v.literal('pull-through'),
  ...ofEvery,
  ...retiring,
  secret: matching(/^ecr-pullthroughcache\/[\w/+=.@-]{1,200}$/, 'a secret below ecr-pullthroughcache/'),
  /** The rule, by the prefix of its repositories. */
  prefix: matching(/^[a-z0-9][a-z0-9._/-]{1,29}$/, 'the prefix of a pull-through cache rule'),
});
