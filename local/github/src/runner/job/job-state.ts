import type { Artifacts } from '../artifacts.ts';
import type { Conclusion, JobCredentials } from '../ports.ts';
import type { ActionCatalog, CatalogAction } from '../resolve/action-catalog.ts';
import type { Patience, StartProcess } from '../step/start-process.ts';
import type { Mapping, Strings } from '../value.ts';
import type { JobFolders } from './job-folders.ts';
import type { JobLog } from './job-log.ts';

/** A job on its runner. What changes while its steps run is at the end. */
export interface JobState {
  readonly log: JobLog;
  readonly folders: JobFolders;
  /** Environment of the runner itself: PATH, HOME and what the caller of the run adds. */
  readonly machine: Strings;
  /** `env` of the workflow and the job. */
  readonly env: Strings;
  /** `github`, `vars`, `needs`, `strategy`, `matrix`, `runner`, `job` (without its status). */
  readonly contexts: Mapping;
  readonly idTokenRequest: JobCredentials['idTokenRequest'];
  /** What JavaScript actions get, and scripts do not: the services of the run, among them its caches. */
  readonly runtime: { readonly url: string; readonly token: string };
  readonly catalog: ActionCatalog;
  /** The folder of an action's repository at its commit, on disk. */
  readonly download: (action: CatalogAction) => Promise<string>;
  readonly checkout: Checkout;
  /** Of the whole run. */
  readonly artifacts: Artifacts;
  readonly patience: Patience;
  readonly startAction: StartProcess;
  /** Real milliseconds in a minute of `timeout-minutes`. */
  readonly minute: number;
  /** The job is cancelled, or its time is over. */
  readonly stop: AbortSignal;
  /** Five minutes after the cancellation: everything ends. */
  readonly kill: AbortSignal;

  status: Exclude<Conclusion, 'skipped'>;
  /** What GITHUB_ENV and GITHUB_PATH have added; the newest path first. */
  readonly added: Map<string, string>;
  readonly path: string[];
  /** Process groups that may still have members. */
  readonly groups: Set<number>;
  readonly posts: PostPhase[];
}

/** What is left to do at the job's end, last in, first out. */
export interface PostPhase {
  readonly name: string;
  readonly holds: () => boolean;
  readonly run: (stop: AbortSignal) => Promise<'success' | 'failure'>;
}

export interface CheckoutRequest {
  readonly repository: string;
  readonly ref: string;
  readonly folder: string;
  readonly depth: number;
  readonly token: string;
  readonly persistCredentials: boolean;
}

/** Puts a repository's tree into the workspace. `forget` removes the token from its configuration. */
export type Checkout = (
  request: CheckoutRequest,
) => Promise<{ readonly commit: string; readonly forget: () => Promise<void> }>;
