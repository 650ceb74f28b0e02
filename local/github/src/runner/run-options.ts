import type { LocalGithub } from '../start.ts';
import type { RunEvent } from './run-event.ts';
import type { Patience, StartProcess } from './step/start-process.ts';

/** What starts a workflow, and as whom. */
export interface RunOptions {
  readonly github: Pick<LocalGithub, 'world'>;
  /** `acme/orders`. */
  readonly repository: string;
  /** `.github/workflows/deliver.yml`, read at the commit that runs. */
  readonly workflow: string;
  /** `refs/heads/main`; a pull request's is `refs/pull/7/merge`. */
  readonly ref: string;
  readonly event: 'push' | 'workflow_dispatch' | 'pull_request' | (string & {});
  /** Members of `github.event` over those that follow from the other options. */
  readonly payload?: Readonly<Record<string, unknown>>;
  /** Of `workflow_dispatch`. */
  readonly inputs?: Readonly<Record<string, string | number | boolean>>;
  /** Login. */
  readonly actor: string;
  readonly triggeringActor?: string;
  /** Run again: the next attempt of this run, at its commit. */
  readonly rerunOf?: number;
  /** Plays this run, which somebody asked the API for; ref, inputs and actor must be its own. */
  readonly asked?: number;
  readonly secrets?: Readonly<Record<string, string>>;
  /** By environment name. */
  readonly environmentSecrets?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly environmentVariables?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Added to the runner's own environment, which otherwise has PATH and a HOME of its own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where the trees of actions are kept by commit for later runs; of this run alone unless told. */
  readonly actions?: string;
  /**
   * Approves every review of this run as this user, or the review of each job as the user given for its name:
   * `orders / approve`. A review that nobody decides waits for the API.
   */
  readonly approveAs?: string | Readonly<Record<string, string>>;
  /** Cancels the run when the step with this name or id has ended. */
  readonly cancelAfterStep?: string;
  /** Cancels the run. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
  /** Real milliseconds between SIGINT, SIGTERM and SIGKILL; the runner's 7.5 s and 2.5 s unless told. */
  readonly patience?: Patience;
  /** Starts the files of JavaScript actions; each in a process of its own unless told. */
  readonly startAction?: StartProcess;
  /** Real milliseconds in a minute of `timeout-minutes`; 60,000 unless told. */
  readonly minute?: number;
}
