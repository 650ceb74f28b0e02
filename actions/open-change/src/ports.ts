import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { AdmissionWorld, DeliveryWorld } from '@tenant-delivery/delivery';
import type { CheckRuns, PullRequestComments, WorkflowRuns } from '@tenant-delivery/delivery/github-ports';

/** Text of a file inside the workspace, or why there is none. Links are followed only inside. */
export type Reading =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'none'; readonly why: string };

export interface Workspace {
  read(path: string): Promise<Reading>;
}

export interface World {
  readonly runner: Runner;
  readonly workspace: Workspace;
  readonly runs: WorkflowRuns;
  readonly comments: PullRequestComments;
  readonly checks: CheckRuns;
  /** Begins a session that may propose; asked for only when something is proposed. */
  delivery(): Promise<DeliveryWorld>;
  /** Begins a session that can only read. */
  reading(): Promise<AdmissionWorld>;
}
