import type { Environments, WorkflowRuns } from '@tenant-delivery/delivery/github-ports';

/** GitHub's word on who started and approved this run, and how its environments are protected. */
export interface ApprovalReading {
  github(): Promise<{ readonly environments: Environments; readonly runs: WorkflowRuns }>;
}
