import { matching } from '@tenant-delivery/action-kit/schema';
import * as v from 'valibot';
import { ofEvery, retiring, spans } from '../terms.ts';

/** A secret that tasks are given, by its name: none of an escrow, and none of a pull-through cache. */
export const secretOfTasks = matching(
  /^(?!td\/rotation\/|ecr-pullthroughcache\/)[\w/+=.@-]{1,200}$/,
  'a secret that is in no escrow and of no pull-through cache',
);

/** A secret of Secrets Manager that tasks of the environment's cluster are given. Who that is, is discovered. */
export const SecretsManagerSecret = v.strictObject({
  kind: v.literal('secrets-manager'),
  ...ofEvery,
  drainDays: retiring.drainDays,
  secret: secretOfTasks,
  /** `provider-set`: the owner of the value stages a new version. The others: its rotation function makes it. */
  strategy: v.picklist(['single-user', 'alternating-users', 'provider-set']),
  /** `false`: task definitions go on naming no version, and tasks are replaced to read what is current. */
  pinned: v.optional(v.boolean()),
  /** Times in which its users may fail for a while: a secret of a single user rotates in them alone. */
  outages: v.optional(spans),
});
export type SecretsManagerSecret = v.InferOutput<typeof SecretsManagerSecret>;
