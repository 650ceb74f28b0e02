import type { DeliveryWorld } from '@tenant-delivery/delivery';
import type { ServiceReader, TargetReader } from '@tenant-delivery/deployment';

/** Reads only: verifying changes nothing but the record. */
export interface VerifyWorld extends DeliveryWorld {
  readonly services: ServiceReader;
  readonly targets: TargetReader;
}
