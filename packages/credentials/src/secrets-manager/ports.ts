import type { DatedVersion, SecretState } from '@tenant-delivery/rotation/escrow';
import type { Answer } from '@tenant-delivery/rotation/ports';

/** What a task definition takes from the secret. */
export interface References {
  /** Ids of the versions that it names. */
  readonly pins: readonly string[];
  /** It also takes the value that is current when a task starts, though it could name a version. */
  readonly loose: boolean;
  /** The same where no version can be named: credentials of a registry. */
  readonly fixed: boolean;
}

/** A secret without its values: nobody here may read them. */
export type TaskSecretState = SecretState<{
  readonly arn: string;
  /** A function, or a service of AWS, makes its values. */
  readonly managed: boolean;
  /** Also those without a label. */
  readonly versions: readonly DatedVersion[];
  /** When a value or a label of it last changed. */
  readonly changedAt: number;
  /** Regions that have a copy, with AWS's word for the state of it. */
  readonly replicas: readonly { readonly region: string; readonly status: string }[];
}>;

export interface SecretStore {
  describe(): Promise<TaskSecretState>;
  /** What CloudTrail says of a rotation that failed; `undefined` when it knows of none. */
  failure(version: string): Promise<string | undefined>;
  /** RotateSecret: the new version gets this id. A second request with the same id begins nothing. */
  rotate(version: string): Promise<Answer>;
  /** Moves a label, sets it (`from` absent), or takes it away (`to` absent). Nothing else changes. */
  label(label: string, to: string | undefined, from: string | undefined): Promise<Answer>;
}

/** A service of the cluster that is given the secret. */
export interface ObservedService {
  readonly id: string;
  readonly taskDefinition: string;
  readonly uses: References;
  /** The newest revision of its family, when it differs from what runs in naming that version alone. */
  readonly prepared: { readonly version: string; readonly revision: string } | undefined;
  /** The deployment that ECS calls PRIMARY. */
  readonly rollout: {
    readonly id: string;
    readonly state: 'done' | 'going' | 'failed';
    readonly createdAt: number;
  };
  /** No other deployment of it is under way. */
  readonly settled: boolean;
  readonly desired: number;
  /** A change of ours has the service, or has not ended there. */
  readonly busy: { readonly until: number; readonly why: string } | undefined;
  /** What keeps it from being brought a new value, one sentence each with its remedy. */
  readonly obstacles: readonly string[];
}

/** A task of the cluster that is given the secret, of a service or not, until it has stopped. */
export interface ObservedTask {
  readonly id: string;
  /** `undefined`: no service runs it. */
  readonly service: string | undefined;
  readonly taskDefinition: string;
  readonly uses: References;
  /** It read no secret before this time. */
  readonly createdAt: number;
  readonly running: boolean;
  /** As its target groups or its containers' own checks say. */
  readonly healthy: boolean;
  /** Its image came over the network, from no cache. */
  readonly pulled: boolean;
}

export interface EcsConsumers {
  /** `version`: the one whose revision is looked for. */
  observe(version: string | undefined): Promise<{
    readonly services: readonly ObservedService[];
    readonly tasks: readonly ObservedTask[];
  }>;
  /** A revision like `from`, in which every reference that can names `version`. */
  register(service: string, from: string, version: string): Promise<Answer>;
  /** Refused unless the service runs `from`, in the deployment `rollout`, and nobody else is changing it. */
  deploy(change: ServiceChange & { readonly revision: string }): Promise<Answer>;
  /** New tasks of the revision that runs, under the same conditions. */
  restart(change: ServiceChange): Promise<Answer>;
}

export interface ServiceChange {
  readonly service: string;
  readonly from: string;
  readonly rollout: string;
}

export interface RotationCaller {
  identity(): Promise<{ readonly account: string; readonly arn: string }>;
}
