import type { Mapping } from '../value.ts';

/** What the status functions of an expression see: the job so far, or the jobs that a job needs. */
export interface Status {
  success(): boolean;
  failure(): boolean;
  cancelled(): boolean;
}

/** What an expression can see. */
export interface Scope {
  /** `github`, `env`, `needs` and so on. */
  readonly contexts: Mapping;
  readonly status: Status;
  /** Where `hashFiles` looks; without it the function is unknown, as it is outside of jobs. */
  readonly workspace?: string;
}

export const NO_STATUS: Status = { success: () => true, failure: () => false, cancelled: () => false };
