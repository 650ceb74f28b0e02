import * as v from 'valibot';
import { secretOfTasks } from '../secrets-manager/terms.ts';
import { ofEvery, retiring } from '../terms.ts';

/** What tasks pull their images from a registry outside with: `repositoryCredentials` of task definitions. */
export const RepositoryCredentials = v.strictObject({
  kind: v.literal('repository-credentials'),
  ...ofEvery,
  drainDays: retiring.drainDays,
  secret: secretOfTasks,
});
export type RepositoryCredentials = v.InferOutput<typeof RepositoryCredentials>;
