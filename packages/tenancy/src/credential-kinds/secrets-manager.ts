import * as v from 'valibot';
import { matching, ofEvery, retiring } from './terms.ts';

/** A secret of Secrets Manager that tasks of the environment's cluster are given. Who that is, is discovered. */
export const SecretsManagerSecret = v.strictObject({
  kind: v.literal('secrets-manager'),
  ...ofEvery,
  ...retiring,
  secret: matching(
    /^(?!td\/rotation\/|ecr-pullthroughcache\/)[\w/+=.@-]{1,200}$/,
    'a secret that is in no escrow and of no pull-through cache',
  ),
  /** `provider-set`: whoever owns the value stages a new version. The others: its rotation function makes it. */
  strategy: v.picklist(['single-user', 'alternating-users', 'provider-set']),
});
