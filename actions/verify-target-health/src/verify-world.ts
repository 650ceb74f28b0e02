import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { CallerIdentity, DeliveryWorld } from '@tenant-delivery/delivery/world';
import type {
  AlarmReader,
  BalancerFrontReader,
  LogReader,
  MetricReader,
  ProbeRegistrar,
  ServiceReader,
  TargetAttributeReader,
  TargetReader,
  TaskRunner,
  ZoneReader,
} from '@tenant-delivery/deployment/ports';
import type { Clearance } from '@tenant-delivery/tenancy/clearance';
import type { Uncontracted } from '@tenant-delivery/tenancy/uncontracted';

/** What verifying looks at. Reads only, but for the task of a probe: it changes nothing but the record. */
export interface HealthWorld {
  readonly runner: Runner;
  readonly clock: Clock;
  readonly services: ServiceReader;
  readonly targets: TargetReader & TargetAttributeReader;
  readonly alarms: AlarmReader;
  readonly metrics: MetricReader;
  /** What else a probe needs. It is opened only in a run that has one. */
  probing(): Promise<Probing>;
}

/** Who asks a balancer from inside. */
export interface Probing {
  readonly region: string;
  readonly fronts: BalancerFrontReader;
  readonly logs: Pick<LogReader, 'tail'>;
  /** What starts and stops the task, for one service that was looked at. */
  prober(clearance: Clearance<'service'> | Uncontracted): Prober;
}

export interface Prober {
  readonly registrar: ProbeRegistrar;
  readonly tasks: TaskRunner;
}

/** For a service of a contract: the record, and how the account calls the agreed zones. */
export interface VerifyWorld extends DeliveryWorld, HealthWorld {
  readonly zones: ZoneReader;
}

/** For a service without one. */
export interface AloneWorld extends HealthWorld {
  /** Of the credentials. */
  readonly identity: CallerIdentity;
  /** Tags of a cluster or service by its ARN. */
  tags(arn: string): Promise<Readonly<Record<string, string>>>;
}
