import type { JobCall, JobDefinition, JobSteps, WorkflowFile } from '../files/workflow-file.ts';
import type { Permissions } from '../ports.ts';

/** A workflow with everything that it calls, read and checked. */
export interface ResolvedWorkflow {
  readonly file: WorkflowFile;
  readonly jobs: readonly ResolvedJob[];
}

export type ResolvedJob = ResolvedSteps | ResolvedCall;

export interface ResolvedSteps {
  readonly kind: 'steps';
  readonly definition: JobDefinition;
  readonly work: JobSteps;
  readonly permissions: Permissions;
}

export interface ResolvedCall {
  readonly kind: 'call';
  readonly definition: JobDefinition;
  readonly work: JobCall;
  readonly called: ResolvedWorkflow;
}
