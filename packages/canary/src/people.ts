import type { GithubClient } from '@tenant-delivery/github/session/github-client';

/** The people of a canary, each by a client with their own token. */
export interface People {
  /** Commits and starts deliveries. */
  readonly author: GithubClient;
  /** Starts what the operations repository does. */
  readonly sre: GithubClient;
  /** Approves what they may approve. */
  readonly reviewers: readonly GithubClient[];
}

/** A repository. */
export interface Place {
  readonly owner: string;
  readonly repo: string;
}

/** The branch that delivers. */
export const BRANCH = 'main';
