import type { Issues } from '@tenant-delivery/delivery/github-ports';
import type { AdmissionWorld } from '@tenant-delivery/delivery/world';
import type { ServiceReader } from '@tenant-delivery/deployment/ports';
import type { GateWorld } from '../gate-world.ts';

/** Looks at what runs with the right to read, and tells of it in an issue. There is no key, and nothing to record. */
export interface ReGateWorld extends AdmissionWorld, GateWorld {
  readonly services: Pick<ServiceReader, 'tasks'>;
  issues(): Promise<Issues>;
}
