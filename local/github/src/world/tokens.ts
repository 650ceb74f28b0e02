import { randomBytes } from 'node:crypto';
import type { App, Installation } from './app.ts';
import type { Job } from './job.ts';
import type { Permissions } from './permissions.ts';
import type { User } from './user.ts';

/** Who a token speaks for. */
export type Principal =
  | { readonly kind: 'user'; readonly user: User }
  /** A job's `GITHUB_TOKEN`: the app `github-actions[bot]` in the job's repository, with the job's permissions. */
  | { readonly kind: 'job'; readonly job: Job; readonly permissions: Permissions }
  /** An App itself, by an assertion that one of its keys signed. */
  | { readonly kind: 'app'; readonly app: App }
  /** An App in an account, with what its token was narrowed to. */
  | ({
      readonly kind: 'installation';
      readonly installation: Installation;
      readonly expiresAt: number;
    } & Pick<Installation, 'permissions' | 'repositories'>)
  /** A job's `ACTIONS_ID_TOKEN_REQUEST_TOKEN`: good for identity tokens and nothing else. */
  | { readonly kind: 'id-token-request'; readonly job: Job }
  /** A job's `ACTIONS_RUNTIME_TOKEN`: good for its caches and nothing else. */
  | { readonly kind: 'runtime'; readonly job: Job };

export function newToken(prefix: 'ghp' | 'ghs' | 'idr'): string {
  return `${prefix}_${randomBytes(27).toString('base64url')}`;
}
