import type { Clock, Runner } from '@tenant-delivery/action-kit';
import type { DeliveryWorld } from '@tenant-delivery/delivery';
import type {
  AlarmReader,
  MetricReader,
  ServiceReader,
  TargetAttributeReader,
  TargetReader,
  ZoneReader,
} from '@tenant-delivery/deployment';

/** What verifying looks at. Reads only: it changes nothing but the record. */
export interface Looks {
  readonly runner: Runner;
  readonly clock: Clock;
  readonly services: ServiceReader;
  readonly targets: TargetReader & TargetAttributeReader;
  readonly alarms: AlarmReader;
  readonly metrics: MetricReader;
}

/** For a service of a contract: the record, and how the account calls the agreed zones. */
export interface VerifyWorld extends DeliveryWorld, Looks {
  readonly zones: ZoneReader;
}

/** For a service without one. */
export interface AloneWorld extends Looks {
  /** Tags of a cluster or service by its ARN. */
  tags(arn: string): Promise<Readonly<Record<string, string>>>;
}
