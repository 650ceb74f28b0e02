import type { EnvironmentProtection } from '@tenant-delivery/tenancy/environment-protection';

/**
 * GitHub, as changes need it. `packages/github` implements these over the REST API; stories hand in their own.
 * Every method throws when GitHub could not be asked or answered less than was needed; `absent` is GitHub's own 404.
 */

/** A GitHub user. The numeric id never changes hands; the login is for people to read. */
export interface Person {
  readonly id: number;
  readonly login: string;
}

/** A person or a bot. GitHub says which it is wherever it names one. */
export interface Account extends Person {
  readonly bot: boolean;
}

export interface Environments {
  /** `repository` is `owner/name`, here and below. */
  protectionOf(repository: string, environment: string): Promise<EnvironmentProtection | 'absent'>;
}

/** One reviewer's word on a run's environments. GitHub keeps no time, attempt or commit with it. */
export interface RunApproval {
  readonly environments: readonly string[];
  readonly state: 'approved' | 'rejected';
  readonly by: Person;
  /** Hostile text. */
  readonly comment: string;
}

/** `attempt` is the run's newest; earlier attempts are over whatever the newest does. */
export interface RunState {
  readonly kind: 'alive' | 'over';
  readonly attempt: number;
}

/** Who started a run first, and who started one of its attempts. */
export interface Starters {
  readonly actor: Account;
  readonly triggeringActor: Account;
}

export interface WorkflowRuns {
  startersOf(repository: string, runId: string, attempt: number): Promise<Starters>;
  approvalsOf(repository: string, runId: string): Promise<readonly RunApproval[]>;
  /** `absent` also when the token may not see the run: it proves nothing about the run's end. */
  stateOf(repository: string, runId: string): Promise<RunState | 'absent'>;
}

export interface SucceededRuns {
  /** The newest run of a workflow (`contracts.yml`) for an event on a branch (`main`) that succeeded. */
  newest(
    repository: string,
    of: { readonly workflow: string; readonly branch: string; readonly event: string },
  ): Promise<{ readonly id: string; readonly sha: string } | undefined>;
}

/** A commit and the GitHub users behind it; `unknown` when no account has the commit's e-mail address. */
export interface Commit {
  readonly sha: string;
  readonly author: Account | 'unknown';
  readonly committer: Account | 'unknown';
  readonly parents: readonly string[];
}

/** A branch was made or moved. No commit says by whom. */
export interface BranchUpdate {
  /** Where it was; not a commit that is there when the branch was made. */
  readonly before: string;
  readonly after: string;
  /** What was in the branch may have left it. */
  readonly forced: boolean;
  readonly by: Account | 'unknown';
}

export interface Commits {
  commit(repository: string, sha: string): Promise<Commit | 'absent'>;
  /** Every commit that `head` has and `base` has not; `absent` when either is not in the repository. */
  between(repository: string, base: string, head: string): Promise<readonly Commit[] | 'absent'>;
  /** How a branch (`refs/heads/main`) came to be where it is, the newest first, as far back as GitHub tells. */
  updatesOf(repository: string, ref: string): AsyncIterable<BranchUpdate>;
}

/** A move of one of the repository's branches. */
export interface RepositoryUpdate extends BranchUpdate {
  /** `refs/heads/main`. */
  readonly ref: string;
  /** The branch came into being. */
  readonly made: boolean;
  /** GitHub merged a pull request into it. */
  readonly merged: boolean;
}

export interface RepositoryActivity {
  /** How all branches came to be where they are, deleted ones included, the newest first, as far back as GitHub tells. */
  updatesOf(repository: string): AsyncIterable<RepositoryUpdate>;
}

/** A pull request that was merged. */
export interface MergedPullRequest {
  readonly number: number;
  readonly openedBy: Account | 'unknown';
  readonly head: {
    /** `owner/name`; `gone` when it was deleted. */
    readonly repository: string | 'gone';
    /** `refs/heads/wish`. */
    readonly ref: string;
    /** What was merged. */
    readonly sha: string;
  };
}

export interface PullRequests {
  /** The merged pull requests that have this commit in them, or that became this commit. */
  mergedWith(repository: string, sha: string): Promise<readonly MergedPullRequest[]>;
}

export interface PullRequestComments {
  /** One comment for each marker: made the first time, rewritten afterwards. Answers the comment's address. */
  keep(repository: string, pullRequest: number, marker: string, markdown: string): Promise<string>;
}

/** An issue of ours. Its body may have been edited by people who may write there. */
export interface KeptIssue {
  readonly number: number;
  readonly url: string;
  readonly body: string;
}

export interface Issues {
  /** All open issues by a bot that begin with these words. */
  openAll(repository: string, marker: string): Promise<readonly KeptIssue[]>;
  /** The first of them. */
  openOne(repository: string, marker: string): Promise<KeptIssue | undefined>;
  create(repository: string, title: string, body: string): Promise<KeptIssue>;
  update(
    repository: string,
    issue: number,
    change: { readonly title?: string; readonly body?: string; readonly state?: 'open' | 'closed' },
  ): Promise<void>;
  comment(repository: string, issue: number, body: string): Promise<void>;
}

export type CheckConclusion = 'success' | 'failure' | 'neutral';

export interface CheckRuns {
  complete(
    repository: string,
    check: {
      /** Required checks name it: never changes for one tenant, environment and service. */
      readonly name: string;
      readonly sha: string;
      readonly conclusion: CheckConclusion;
      readonly title: string;
      readonly summary: string;
    },
  ): Promise<void>;
}
