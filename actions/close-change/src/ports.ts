import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { WorkflowRuns } from '@tenant-delivery/delivery/github-ports';
import type { DeliveryWorld } from '@tenant-delivery/delivery/world';

export interface World {
  readonly runner: Runner;
  readonly delivery: DeliveryWorld;
  /** Opened when first needed: most changes are settled without GitHub. */
  runs(): Promise<Pick<WorkflowRuns, 'approvalsOf'>>;
}
