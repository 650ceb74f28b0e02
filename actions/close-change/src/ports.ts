import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { WorkflowRuns } from '@tenant-delivery/delivery/github-ports';
import type { DeliveryWorld, RecordWorld } from '@tenant-delivery/delivery/world';

export interface World {
  readonly runner: Runner;
  /** The record, with no right to add to it. */
  readonly record: RecordWorld;
  /** Opened when there is something to record. */
  delivery(): Promise<DeliveryWorld>;
  /** Opened when first needed: most changes are settled without GitHub. */
  runs(): Promise<Pick<WorkflowRuns, 'approvalsOf'>>;
}

/** The same once there is something to record. */
export interface RecordingWorld extends Omit<World, 'delivery'> {
  readonly delivery: DeliveryWorld;
}
