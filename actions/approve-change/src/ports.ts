import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { Commits, Environments, WorkflowRuns } from '@tenant-delivery/delivery/github-ports';
import type { DeliveryWorld } from '@tenant-delivery/delivery/world';

export interface World {
  readonly runner: Runner;
  readonly delivery: DeliveryWorld;
  readonly environments: Environments;
  readonly runs: WorkflowRuns;
  readonly commits: Commits;
}
