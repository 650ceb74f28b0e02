import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { Workspace } from '@tenant-delivery/action-kit/workspace';
import type { CallerIdentity, DeliveryWorld } from '@tenant-delivery/delivery/world';
import type { FollowPorts } from '@tenant-delivery/deployment/follow/follow-ports';
import type {
  AlarmReader,
  LogReader,
  ScalingReader,
  ServiceDeployer,
  TaskRunner,
} from '@tenant-delivery/deployment/ports';
import type { RevisionReader } from '@tenant-delivery/deployment/task-definition/revision-reader';
import type { Digest } from '@tenant-delivery/domain';
import type { Inspections } from '@tenant-delivery/findings/ports';
import type { PreflightReader } from '@tenant-delivery/isolation/ports';
import type { Clearance } from '@tenant-delivery/tenancy/clearance';
import type { Uncontracted } from '@tenant-delivery/tenancy/uncontracted';

/** What a deploy goes through once it is settled what is deployed. What changes the service is in its options. */
export interface DeployPorts extends FollowPorts {
  readonly runner: Runner;
  readonly logs: LogReader;
  readonly revisions: RevisionReader;
  /** They speak to local-aws, not to AWS. */
  readonly local: boolean;
}

/** What is planned from. */
export type PlanPorts = Pick<DeployPorts, 'services' | 'targets' | 'clock'> & {
  readonly scaling: ScalingReader;
};

/** What a preflight looks through. Nothing here can change anything or read a secret's value. */
export interface PreflightWorld
  extends Pick<DeployPorts, 'runner' | 'clock' | 'local' | 'services'>,
    Pick<PlanPorts, 'scaling'> {
  readonly images: Pick<Inspections, 'image'>;
  readonly surroundings: PreflightReader;
  readonly alarms: AlarmReader;
  /**
   * `renewed`: they outlive this run, or it gets fresh ones; otherwise milliseconds since the epoch. `untold`: nobody says
   * when they end.
   */
  readonly credentialsUntil: number | 'renewed' | 'untold';
}

/** What a plan of a change is made from and recorded through. Nothing in it can change a service. */
export interface PlanWorld extends DeliveryWorld, PreflightWorld, PlanPorts {
  /** What the job checked out. A deploy of a change reads nothing of it. */
  readonly workspace: Workspace;
}

/** Everything that a delivery asks of the world; what changes a service is had only for a Clearance. */
export interface DeployWorld extends PlanWorld, DeployPorts {
  /** The region of the clients. */
  readonly region: string;
  deployer(clearance: Clearance<'service'>): ServiceDeployer;
  tasks(clearance: Clearance<'service'>): TaskRunner;
}

/** Repositories of the account's registry, by name. */
export interface Repositories {
  /** The digest that an image's tag points to now. */
  digestOf(name: string, tag: string): Promise<Digest | 'absent' | 'no repository'>;
}

/** The same without a contract: what changes a service is had for proof that no contract is about it. */
export interface AloneWorld extends PreflightWorld, DeployPorts {
  readonly region: string;
  readonly workspace: Workspace;
  readonly identity: CallerIdentity;
  readonly repositories: Repositories;
  /** Tags of a cluster or service by its ARN. */
  tags(arn: string): Promise<Readonly<Record<string, string>>>;
  deployer(clearance: Uncontracted): ServiceDeployer;
  tasks(clearance: Uncontracted): TaskRunner;
}
