import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { Workspace } from '@tenant-delivery/action-kit/workspace';
import type { CheckRuns, PullRequestComments, WorkflowRuns } from '@tenant-delivery/delivery/github-ports';
import type { AdmissionWorld, DeliveryWorld } from '@tenant-delivery/delivery/world';
import type { Target } from '@tenant-delivery/domain';
import type { Admission } from '@tenant-delivery/tenancy/admission';

/** GitHub's API with the job's token. */
export interface Github {
  readonly runs: Pick<WorkflowRuns, 'stateOf'>;
  readonly comments: PullRequestComments;
  readonly checks: CheckRuns;
}

/** An environment that versions are taken from, read only. */
export interface Elsewhere {
  readonly world: AdmissionWorld;
  readonly admission: Admission;
}

/** Each way out is opened when it is first needed: an assessment never gets a session that could propose. */
export interface World {
  readonly runner: Runner;
  readonly workspace: Workspace;
  github(): Promise<Github>;
  /** A session that may propose. */
  delivery(): Promise<DeliveryWorld>;
  /** A session that can only read the contract. */
  reading(): Promise<AdmissionWorld>;
  /** A session that can only read, in another environment of the tenant. */
  readingIn(place: Target): Promise<AdmissionWorld>;
}
