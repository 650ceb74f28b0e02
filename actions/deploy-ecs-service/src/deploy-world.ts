import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { Workspace } from '@tenant-delivery/action-kit/workspace';
import type { CallerIdentity, DeliveryWorld } from '@tenant-delivery/delivery';
import type {
  LogReader,
  ScalingReader,
  ServiceDeployer,
  ServiceReader,
  TargetReader,
  TaskRunner,
} from '@tenant-delivery/deployment';
import type { RevisionReader } from '@tenant-delivery/deployment/task-definition/revision-reader';
import type { Inspections } from '@tenant-delivery/findings';
import type { Clearance, Uncontracted } from '@tenant-delivery/tenancy';
import type { PreflightWorld } from './preflight/preflight.ts';

/** What every deploy looks at and speaks through, with a contract or without. */
export interface EcsWorld {
  readonly runner: Runner;
  readonly clock: Clock;
  /** The region of the clients. */
  readonly region: string;
  /** They speak to local-aws, not to AWS. */
  readonly local: boolean;
  readonly services: ServiceReader;
  readonly targets: TargetReader;
  readonly scaling: ScalingReader;
  readonly logs: LogReader;
}

interface StoryWorld extends EcsWorld {
  readonly revisions: RevisionReader;
  /** What the job checked out. A deploy of a change reads nothing of it. */
  readonly workspace: Workspace;
}

/** Everything that a delivery asks of the world; what changes a service is had only for a Clearance. */
export interface DeployWorld extends DeliveryWorld, StoryWorld, PreflightWorld {
  readonly images: Pick<Inspections, 'image'>;
  deployer(clearance: Clearance<'service'>): ServiceDeployer;
  tasks(clearance: Clearance<'service'>): TaskRunner;
}

/** The same without a contract: what changes a service is had for proof that no contract is about it. */
export interface AloneWorld extends StoryWorld, PreflightWorld {
  readonly identity: CallerIdentity;
  /** Tags of a cluster or service by its ARN. */
  tags(arn: string): Promise<Readonly<Record<string, string>>>;
  deployer(clearance: Uncontracted): ServiceDeployer;
  tasks(clearance: Uncontracted): TaskRunner;
}
