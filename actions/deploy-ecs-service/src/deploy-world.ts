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

/** Everything that planning and deploying ask of the world; what changes a service is had only for a Clearance. */
export interface DeployWorld extends DeliveryWorld {
  /** The region of the clients. */
  readonly region: string;
  readonly services: ServiceReader;
  readonly targets: TargetReader;
  readonly scaling: ScalingReader;
  readonly logs: LogReader;
  readonly images: Pick<Inspections, 'image'>;
  deployer(clearance: Clearance<'service'>): ServiceDeployer;
}
