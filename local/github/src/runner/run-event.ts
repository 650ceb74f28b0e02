import type { Conclusion } from './ports.ts';

/** What happens in a run, as it happens: enough to show what GitHub's log shows. Texts are masked. */
export type RunEvent = { readonly at: number } & (
  | {
      readonly kind: 'run-started';
      readonly runId: number;
      readonly runNumber: number;
      readonly attempt: number;
      readonly repository: string;
      readonly workflow: string;
      readonly title: string;
      readonly event: string;
      readonly ref: string;
      readonly sha: string;
      readonly actor: string;
    }
  | { readonly kind: 'run-cancelled'; readonly reason: string }
  | { readonly kind: 'run-finished'; readonly conclusion: Conclusion }
  | { readonly kind: 'job-queued'; readonly job: JobName }
  | {
      readonly kind: 'job-waiting';
      readonly job: JobName;
      readonly on:
        | { readonly kind: 'reviewers'; readonly environment: string; readonly reviewers: readonly string[] }
        | { readonly kind: 'concurrency'; readonly group: string };
    }
  | {
      readonly kind: 'job-reviewed';
      readonly job: JobName;
      readonly environment: string;
      readonly state: string;
    }
  | { readonly kind: 'job-started'; readonly job: JobName }
  | { readonly kind: 'job-finished'; readonly job: JobName; readonly conclusion: Conclusion }
  | { readonly kind: 'step-started'; readonly job: JobName; readonly step: StepName }
  | {
      readonly kind: 'step-finished';
      readonly job: JobName;
      readonly step: StepName;
      readonly outcome: Conclusion;
      readonly conclusion: Conclusion;
    }
  | { readonly kind: 'line'; readonly job: JobName; readonly step: StepName; readonly text: string }
  | { readonly kind: 'group'; readonly job: JobName; readonly step: StepName; readonly title: string }
  | { readonly kind: 'group-ended'; readonly job: JobName; readonly step: StepName }
  | { readonly kind: 'annotation'; readonly job: JobName; readonly annotation: Annotation }
  | { readonly kind: 'summary'; readonly job: JobName; readonly step: StepName; readonly markdown: string }
);

export interface JobName {
  /** The API's id of the job. */
  readonly apiId: number;
  /** Keys of the jobs from the run's workflow down: `deliver/build`. The legs of a matrix share it. */
  readonly id: string;
  /** As GitHub shows it: `deliver / build (eu)`. */
  readonly name: string;
}

export interface StepName {
  readonly number: number;
  readonly name: string;
}

export interface Annotation {
  readonly level: 'notice' | 'warning' | 'error';
  readonly message: string;
  readonly step: StepName | null;
  readonly title?: string;
  readonly file?: string;
  readonly line?: number;
  readonly endLine?: number;
  readonly col?: number;
  readonly endColumn?: number;
}

type WithoutTime<E> = E extends unknown ? Omit<E, 'at'> : never;
export type Emit = (event: WithoutTime<RunEvent>) => void;
