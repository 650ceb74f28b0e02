import type { StepReport } from './job/job-steps.ts';
import type { Conclusion } from './ports.ts';
import type { Annotation } from './run-event.ts';

export interface RunResult {
  readonly runId: number;
  readonly attempt: number;
  readonly conclusion: Conclusion;
  /** Every job that GitHub would list, in the order in which they were queued; calling jobs are not listed. */
  readonly jobs: readonly JobReport[];
  /** What `needs` would show of the workflow's own jobs, calling jobs included. */
  readonly needs: Readonly<Record<string, JobEnd>>;
  /** What its jobs have uploaded. */
  readonly artifacts: ReadonlyMap<string, ReadonlyMap<string, Uint8Array>>;
}

export interface JobReport {
  /** The API's id. */
  readonly apiId: number;
  /** Keys of the jobs from the run's workflow down: `deliver/build`. The legs of a matrix share it. */
  readonly id: string;
  /** `deliver / build (eu)`. */
  readonly name: string;
  readonly conclusion: Conclusion;
  readonly outputs: Readonly<Record<string, string>>;
  readonly steps: readonly StepReport[];
  /** Markdown of all steps. */
  readonly summary: string;
  readonly annotations: readonly Annotation[];
  /** Masked; `##[group]`, `##[error]` and so on mark lines as in GitHub's raw logs. */
  readonly log: string;
}

export interface JobEnd {
  readonly result: Conclusion;
  readonly outputs: Readonly<Record<string, string>>;
}
