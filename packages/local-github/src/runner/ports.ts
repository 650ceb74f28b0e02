/**
 * What the runner asks of the world it runs in. The world (src/world) implements `Host`; the runner knows nothing
 * else of it, so that a run can be told from the API alone, as at GitHub.
 */
export interface Host {
  /** GITHUB_SERVER_URL and GITHUB_API_URL of every job. */
  readonly serverUrl: string;
  readonly apiUrl: string;
  /** Milliseconds since the epoch; stamps records and events. Time limits and signals use real time. */
  now(): number;

  repository(fullName: string): HostRepository | undefined;
  user(login: string): { readonly login: string; readonly id: number } | undefined;
  /** As GitHub does, an environment that a job names and nobody has made comes into being unprotected. */
  environment(repository: string, name: string): HostEnvironment;

  /** A new run, or with `rerunOf` the next attempt of an old one (same id and number). */
  startRun(run: NewRun): { readonly runId: number; readonly runNumber: number; readonly attempt: number };
  changeRun(runId: number, change: RunChange): void;
  /** Job ids are the world's; `putJob` replaces the whole record of that job. */
  newJobId(): number;
  putJob(job: JobRecord): void;
  /** Called when the API cancels the run; `force` asks for an end without conditions. Returns the way to stop listening. */
  onCancel(runId: number, listener: (how: { readonly force: boolean }) => void): () => void;

  /** A GITHUB_TOKEN that the API honours with exactly these permissions, until revoked. */
  issueToken(grant: TokenGrant): string;
  revokeToken(token: string): void;
  /** Where a job with `id-token: write` asks for its OIDC token. The URL has a query already: toolkits append `&audience=`. */
  openIdTokens(claims: JobIdentity): { readonly url: string; readonly token: string };

  /**
   * Waits until a reviewer decides, over the API or `review`. Aborting stops the wait and withdraws the request.
   * Reviewers are asked once per job: what was approved for one job does not release a later one.
   */
  awaitReview(wait: ReviewRequest, signal: AbortSignal): Promise<Review>;
  /** A decision as this user. Throws with GitHub's sentence when the user is no reviewer or reviews their own run. */
  review(runId: number, environment: string, review: Review): void;

  createDeployment(deployment: NewDeployment): number;
  deploymentStatus(
    repository: string,
    deploymentId: number,
    status: { readonly state: DeploymentState; readonly environmentUrl?: string; readonly logUrl?: string },
  ): void;
}

export interface HostRepository {
  readonly fullName: string;
  readonly id: number;
  readonly owner: string;
  readonly ownerId: number;
  readonly defaultBranch: string;
  readonly visibility: 'public' | 'private' | 'internal';
  /** A git working copy or a bare repository on disk. */
  readonly path: string;
  /** `vars` of the repository. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  /** What GITHUB_TOKEN may do where a workflow says nothing; `contents: read, packages: read` unless told. */
  readonly defaultPermissions?: Permissions;
}

export interface HostEnvironment {
  readonly name: string;
  /** Ids of the users one of whom must approve; empty: nobody is asked. */
  readonly reviewers: readonly number[];
  /** Patterns that the branch or tag name must match (`*` does not cross `/`); undefined: every ref may deploy. */
  readonly branches?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
}

export type Access = 'none' | 'read' | 'write';
/** Scope to access; a scope that is absent is `none`. */
export type Permissions = Readonly<Record<string, Access>>;

export interface NewRun {
  readonly rerunOf?: number;
  readonly repository: string;
  /** Path of the workflow file, as `.github/workflows/deliver.yml`. */
  readonly workflow: string;
  readonly workflowName: string;
  readonly displayTitle: string;
  readonly event: string;
  readonly ref: string;
  readonly headSha: string;
  readonly headBranch: string;
  readonly actor: string;
  readonly triggeringActor: string;
  /** Workflows called, with the ref as written and the commit it stood for. */
  readonly referencedWorkflows: readonly {
    readonly path: string;
    readonly sha: string;
    readonly ref?: string;
  }[];
}

export type RunStatus = 'queued' | 'in_progress' | 'waiting' | 'pending' | 'completed';
export type Conclusion = 'success' | 'failure' | 'cancelled' | 'skipped' | 'startup_failure';
export interface RunChange {
  readonly status: RunStatus;
  readonly conclusion?: Conclusion;
}

export interface JobRecord {
  readonly id: number;
  readonly runId: number;
  readonly attempt: number;
  readonly name: string;
  readonly labels: readonly string[];
  readonly status: RunStatus;
  readonly conclusion: Conclusion | null;
  readonly headSha: string;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  readonly steps: readonly StepRecord[];
}

export interface StepRecord {
  readonly number: number;
  readonly name: string;
  readonly status: 'queued' | 'in_progress' | 'completed';
  readonly conclusion: Conclusion | null;
  readonly startedAt: number | null;
  readonly completedAt: number | null;
}

export interface TokenGrant {
  readonly repository: string;
  readonly runId: number;
  readonly jobId: number;
  readonly permissions: Permissions;
}

/** The facts of a job that its OIDC token states; the world adds iss, aud, sub, times and ids of its own. */
export interface JobIdentity {
  readonly repository: string;
  readonly ref: string;
  readonly refType: 'branch' | 'tag';
  readonly sha: string;
  readonly headRef: string;
  readonly baseRef: string;
  readonly actor: string;
  readonly actorId: number;
  readonly eventName: string;
  readonly workflow: string;
  /** `OWNER/REPO/.github/workflows/x.yml@REF` of the run's own workflow. */
  readonly workflowRef: string;
  readonly workflowSha: string;
  /** Of the workflow file that the job stands in, with the ref as the caller wrote it (a full ref where it is a tag or branch). */
  readonly jobWorkflowRef: string;
  readonly jobWorkflowSha: string;
  readonly environment?: string;
  readonly runId: number;
  readonly runNumber: number;
  readonly runAttempt: number;
  readonly jobId: number;
}

export interface ReviewRequest {
  readonly repository: string;
  readonly runId: number;
  readonly jobId: number;
  readonly environment: string;
}

export interface Review {
  readonly state: 'approved' | 'rejected';
  readonly login: string;
  readonly comment: string;
}

export interface NewDeployment {
  readonly repository: string;
  readonly environment: string;
  readonly ref: string;
  readonly sha: string;
  readonly creator: string;
  readonly runId: number;
  readonly jobId: number;
}

export type DeploymentState =
  | 'queued'
  | 'waiting'
  | 'in_progress'
  | 'success'
  | 'failure'
  | 'error'
  | 'inactive';
