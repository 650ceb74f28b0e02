import type { AgreedZones } from '@tenant-delivery/deployment/health/health-sample';
import type { BakeTerms } from '@tenant-delivery/deployment/health/judge-bake';
import type { ProbeTerms } from '@tenant-delivery/deployment/health/probe-definition';
import type { Registration } from '@tenant-delivery/deployment/health/registrations';
import type { LoadBalancer, TargetGroup } from '@tenant-delivery/deployment/observed';

/** A target group that the service registers in, with what is asked of it. */
export interface PlacedGroup {
  readonly group: TargetGroup;
  /** Of the container. */
  readonly port: number | undefined;
  readonly balancers: readonly LoadBalancer[];
  readonly slowStartSeconds: number | undefined;
}

/** The deployment that is verified, and what is required of it. Times are in milliseconds since the epoch. */
export interface Subject {
  readonly cluster: string;
  readonly service: string;
  readonly taskDefinition: string;
  /** `null` when nothing had to be deployed, or ECS has forgotten it. */
  readonly serviceRevision: string | null;
  /** `ecs-svc/…` */
  readonly rollout: string | null;
  readonly container: string;
  /** Where a registration names no port. */
  readonly port: number | undefined;
  /** `null` when none was named. */
  readonly image: string | null;
  readonly digests: ReadonlySet<string> | 'any';
  /** Tasks that must be healthy whatever the service wants. */
  readonly base: number;
  /** Tasks that the deployment was to bring; `undefined` when nobody knows. */
  readonly requested: number | undefined;
  readonly zones: AgreedZones;
  readonly groups: readonly PlacedGroup[];
  readonly deployedFrom: number;
  readonly deployedUntil: number;
  /** How long a task may be unhealthy after its start. */
  readonly graceSeconds: number;
  /** `undefined`: nothing is watched once all tasks are healthy. */
  readonly terms: BakeTerms | undefined;
  /** `undefined`: the manifest, or the caller without a contract, asks for no probe. */
  readonly probe: ProbeTerms | undefined;
}

export interface RegisteredTargets {
  /** Target groups that ECS registers with, by ARN or by name. */
  readonly groups: readonly string[];
  readonly registrations: readonly Registration[];
}
