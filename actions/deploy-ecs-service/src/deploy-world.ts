import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { Workspace } from '@tenant-delivery/action-kit/workspace';
import type { DeliveryWorld } from '@tenant-delivery/delivery';
import type {
  LogReader,
  ScalingReader,
  ServiceDeployer,
  ServiceReader,
  TargetReader,
} from '@tenant-delivery/deployment';
import type { Inspections } from '@tenant-delivery/findings';
import type { Clearance } from '@tenant-delivery/tenancy';
import type { PreflightWorld } from './preflight.ts';

/** What every deploy looks at and speaks through, with a contract or without. */
export interface EcsWorld {
  readonly runner: Runner;
  readonly clock: Clock;
  /** The region of the clients. */
  readonly region: string;
  readonly services: ServiceReader;
  readonly targets: TargetReader;
  readonly scaling: ScalingReader;
  readonly logs: LogReader;
}

/** Everything that a delivery asks of the world; what changes a service is had only for a Clearance. */
export interface DeployWorld extends DeliveryWorld, EcsWorld, PreflightWorld {
  readonly images: Pick<Inspections, 'image'>;
  /** What the job checked out; a deploy reads nothing of it. */
  readonly workspace: Workspace;
  deployer(clearance: Clearance<'service'>): ServiceDeployer;
}
