import { randomBytes } from 'node:crypto';
import type { Job } from './job.ts';
import type { Permissions } from './permissions.ts';
import type { User } from './user.ts';

/** Who a token speaks for. */
export type Principal =
  | { readonly kind: 'user'; readonly user: User }
  /** A job's `GITHUB_TOKEN`: the app `github-actions[bot]` in the job's repository, with the job's permissions. */
  | { readonly kind: 'job'; readonly job: Job; readonly permissions: Permissions }
  /** A job's `ACTIONS_ID_TOKEN_REQUEST_TOKEN`: good for identity tokens and nothing else. */
  | { readonly kind: 'id-token-request'; readonly job: Job };

export function newToken(prefix: 'ghp' | 'ghs' | 'idr'): string {
  return `${prefix}_${randomBytes(27).toString('base64url')}`;
}
