import * as v from 'valibot';
import { matching, ofEvery, retiring } from './terms.ts';

/** What tasks pull their images from a registry outside with: `repositoryCredentials` of task definitions. */
export const RepositoryCredentials = v.strictObject({
  kind: v.literal('repository-credentials'),
  ...ofEvery,
  ...retiring,
  secret: matching(
    /^(?!td\/rotation\/|ecr-pullthroughcache\/)[\w/+=.@-]{1,200}$/,
    'a secret that is in no escrow and of no pull-through cache',
  ),
});
