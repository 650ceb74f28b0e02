import type {
  Service,
  ServiceDeploymentBrief,
  TaskDefinition,
  TaskDefinitionDocument,
} from '@tenant-delivery/deployment/observed';
import type { ServiceRef } from '@tenant-delivery/deployment/service-ref';
import type { Json } from '@tenant-delivery/domain';
import type { StoredImage } from '@tenant-delivery/isolation/checks/image';
import type { Waiver } from '@tenant-delivery/isolation/judge';
import type { Admission } from '@tenant-delivery/tenancy/admission';

/** What the signed contract says of the ref. */
export interface AgreedPlacement {
  readonly tenant: string;
  readonly environment: string;
  readonly vpc: string;
  /** Zone ids. */
  readonly zones: readonly string[];
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  /** In ECR. */
  readonly repository: string;
  readonly targetGroup: string;
  readonly loadBalancer: string;
  readonly capacity: { readonly base: number; readonly maximum: number };
}

/** Answers to what a preflight asks too. */
export interface KnownAnswers {
  /** By their references. */
  readonly images?: ReadonlyMap<string, StoredImage | 'absent'>;
  /** Service deployments since the one that is there began, newest first. */
  readonly deployments?: readonly ServiceDeploymentBrief[] | undefined;
}

export interface PreflightSubject {
  readonly ref: ServiceRef;
  /** `undefined` without a contract: then only what makes a start possible is judged. */
  readonly agreed: AgreedPlacement | undefined;
  /** A plan goes on where a check is about the moment of the deploy. */
  readonly mode: 'plan' | 'deploy';
  readonly service: Service;
  /** The revision that the service runs. */
  readonly current: TaskDefinition;
  /** The task definition that is to run. */
  readonly wanted: TaskDefinitionDocument;
  /** Further members of the update, as UpdateService would get them. */
  readonly members?: { readonly [member: string]: Json };
  /** What was seen a moment before, and is not asked for again. */
  readonly known?: KnownAnswers | undefined;
  /** CloudWatch alarms of contract and manifest, by name. */
  readonly alarms: readonly string[];
  /** What to do about a deployment that is in progress. */
  readonly ifInProgress: 'wait' | 'fail' | 'replace' | 'attach';
  /** How long the run may wait for the deployment, in milliseconds. */
  readonly wait: number;
  /** A rollback or a recovery: what cannot be seen does not hold it up. */
  readonly recovers: boolean;
  /** Checks that were accepted beforehand; only those that warn count. */
  readonly waivers: readonly Waiver[];
}

/** What a contract says of a service's ref. */
export function agreedPlacement({ target, environment, service, names }: Admission): AgreedPlacement {
  const layer = environment.layers[service.layer];
  return {
    tenant: target.tenant,
    environment: target.environment,
    vpc: environment.vpc.id,
    zones: environment.zones,
    subnets: layer?.subnets ?? [],
    securityGroups: layer?.securityGroups ?? [],
    repository: names.repository,
    targetGroup: names.targetGroup,
    loadBalancer: names.loadBalancer,
    capacity: service.capacity,
  };
}
