import type { Issues } from '@tenant-delivery/delivery/github-ports';
import type { AdmissionWorld } from '@tenant-delivery/delivery/world';
import type { ServiceReader } from '@tenant-delivery/deployment/ports';
import type { Inspections, Lifecycle } from '@tenant-delivery/findings/ports';
import type { GateWorld } from '../gate-world.ts';

/** Looks at what runs with the right to read, and tells of it in an issue. There is no key, and nothing to record. */
export interface ReGateWorld extends AdmissionWorld, GateWorld {
  /** The read role may start no scan, so there is no way to ask for one. */
  readonly inspections: Inspections & { readonly start?: never };
  readonly services: Pick<ServiceReader, 'tasks'>;
  readonly lifecycle: Lifecycle;
  issues(): Promise<Issues>;
}
