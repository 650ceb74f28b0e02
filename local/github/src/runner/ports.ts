import type { Mapping } from './value.ts';

/**
 * What the runner asks of the world it runs in. `host-of-world.ts` answers with src/world; the rest of the runner
 * knows nothing else of the world, so that whatever a run leaves behind can be read from the API alone, as at GitHub.
 */
export interface Host {
  /** GITHUB_SERVER_URL and GITHUB_API_URL of every job. */
  readonly serverUrl: string;
  readonly apiUrl: string;
  /** Milliseconds since the epoch, for records and events. Time limits and signals use real time. */
  now(): number;
  repository(fullName: string): HostRepository | undefined;
  user(login: string): { readonly login: string; readonly id: number } | undefined;
  /** A pull request as the payload of its event shows it; undefined when there is none. */
  pullRequest(repository: string, number: number): Mapping | undefined;
  startRun(run: NewRun): HostRun;
  /** The commit that a run is about; undefined when there is no such run of the repository. */
  commitOf(repository: string, runId: number): string | undefined;
  /** The next attempt of a run, with its id and number. */
  rerun(runId: number, triggeringActor: string): HostRun;
  /** A run that the API was asked for, and that nobody has played. */
  askedRun(runId: number): HostRun;
}

export interface HostRepository {
  readonly fullName: string;
  readonly id: number;
  readonly owner: string;
  readonly ownerId: number;
  readonly defaultBranch: string;
  readonly visibility: string;
  readonly isProtected: (branch: string) => boolean;
  /**
   * Secrets or variables as they are now, by name: of the repository and its organisation, or of one environment. A run
   * reads the first when it is queued, a job the second when it starts.
   */
  readonly kept: (of: 'secrets' | 'variables', environment?: string) => Readonly<Record<string, string>>;
  /** A git working copy or a bare repository on disk. */
  readonly path: string;
}

export type Access = 'none' | 'read' | 'write';
/** Scope to access; a scope that is absent is `none`. */
export type Permissions = Readonly<Record<string, Access>>;

/** A workflow file at a commit, as `workflow_ref` and `job_workflow_ref` name it. */
export interface WorkflowSource {
  /** `owner/name`. */
  readonly repository: string;
  /** `.github/workflows/deliver.yml`. */
  readonly path: string;
  /** As the caller wrote it, in full when it is a branch or tag: `refs/tags/v0.1.0`, or a commit. */
  readonly ref: string;
  readonly sha: string;
}

export interface NewRun {
  readonly workflow: WorkflowSource;
  readonly name: string;
  readonly title: string;
  readonly event: string;
  readonly ref: string;
  readonly sha: string;
  /** Number of the pull request that the event is about. */
  readonly pull?: number;
  readonly actor: string;
  readonly triggeringActor: string;
  readonly referenced: readonly WorkflowSource[];
}

export type Conclusion = 'success' | 'failure' | 'cancelled' | 'skipped';

export interface HostRun {
  readonly id: number;
  readonly number: number;
  readonly attempt: number;
  /** Who started it first; a later attempt has another triggering actor, not another actor. */
  readonly actor: string;
  /** Aborts when somebody cancels the run through the API. */
  readonly cancelled: AbortSignal;
  /** The run comes from a fork: its tokens read at most, and it gets no secrets. */
  readonly fromFork: boolean;
  queueJob(job: NewJob): HostJob;
  finish(conclusion: Conclusion): void;
}

export interface NewJob {
  /** As GitHub shows it: `deliver / build` for a job of a called workflow. */
  readonly name: string;
  readonly workflow: WorkflowSource;
  readonly permissions: Permissions;
  readonly labels: readonly string[];
  /** A name that nobody has made comes into being unprotected, as at GitHub. */
  readonly environment?: { readonly name: string; readonly deployment: boolean };
}

export interface HostJob {
  readonly id: number;
  /** What the job's token may really do: less than asked when the run comes from a fork. */
  readonly permissions: Permissions;
  /**
   * Asks the environment's branch policy and waits for its reviewers. `onWaiting` is told who may decide, before
   * the wait. Aborting withdraws the request.
   */
  passEnvironment(onWaiting: (reviewers: readonly string[]) => void, signal: AbortSignal): Promise<Gate>;
  /** Decides as this user. Throws with the reason when they are no reviewer or review their own run. */
  review(review: Review): void;
  /** The job begins on a runner: its tokens are honoured until it is finished. */
  start(): JobCredentials;
  showSteps(steps: readonly StepRecord[]): void;
  finish(end: {
    readonly conclusion: Conclusion;
    readonly environmentUrl?: string;
    readonly log?: string;
  }): void;
}

export type Gate =
  | { readonly kind: 'open' }
  | { readonly kind: 'rejected'; readonly by: string; readonly comment: string }
  /** The branch policy keeps the ref out; nobody was asked. */
  | { readonly kind: 'refused'; readonly reason: string };

export interface Review {
  readonly state: 'approved' | 'rejected';
  readonly login: string;
  readonly comment: string;
}

export interface JobCredentials {
  readonly githubToken: string;
  /** `ACTIONS_RUNTIME_TOKEN`, for the services at `ACTIONS_RESULTS_URL`. */
  readonly runtimeToken: string;
  /** `ACTIONS_ID_TOKEN_REQUEST_URL` and `…_TOKEN`; only where the permissions have `id-token: write`. */
  readonly idTokenRequest?: { readonly url: string; readonly token: string };
}

export interface StepRecord {
  readonly number: number;
  readonly name: string;
  readonly status: 'queued' | 'in_progress' | 'completed';
  readonly conclusion: Conclusion | null;
  readonly startedAt?: number;
  readonly completedAt?: number;
}
