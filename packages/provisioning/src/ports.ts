import type { Identifier, Properties } from './adopt/adopted.ts';

/** A stack as CloudFormation describes it. */
export interface StackSeen {
  /** Its ARN, which still names it once it is deleted. */
  readonly id: string;
  readonly name: string;
  /** `CREATE_COMPLETE`, `REVIEW_IN_PROGRESS` and so on, in CloudFormation's words. */
  readonly status: string;
  readonly reason: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly terminationProtection: boolean;
}

/** A change set in the list of a stack. */
export interface ChangeSetListed {
  readonly name: string;
  readonly status: string;
}

/** A change set, with what it would change. */
export interface ChangeSet {
  /** Its ARN. Another one that takes its name has another. */
  readonly id: string;
  /** `CREATE_COMPLETE`, or `FAILED` with a reason, or still on its way. */
  readonly status: string;
  readonly reason: string | undefined;
  /** `AVAILABLE`, `EXECUTE_COMPLETE`, `OBSOLETE` and so on. */
  readonly execution: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly changes: readonly ResourceChange[];
}

export interface ResourceChange {
  readonly logicalId: string;
  readonly type: string;
  /** The resource's physical id, where it exists. */
  readonly id: string | undefined;
  /** `Add`, `Modify`, `Remove`, `Import`, `Dynamic`. */
  readonly action: string;
  /** `True`, `False` or `Conditional`, of a resource that is modified. */
  readonly replacement: string | undefined;
  /** `Delete`, `Retain`, `Snapshot`, `ReplaceAndDelete` and so on. */
  readonly policyAction: string | undefined;
  readonly properties: readonly PropertyChange[];
}

export interface PropertyChange {
  /** `/Tags/0/Value`, or a name alone where CloudFormation gives no path. */
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What a change set is made of. */
export interface ChangeSetRequest {
  readonly stack: string;
  readonly changeSet: string;
  readonly type: 'CREATE' | 'UPDATE' | 'IMPORT';
  /** What is taken in as it is; only of the type `IMPORT`. */
  readonly imports?: readonly ImportRequest[];
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** The role with which CloudFormation changes resources. */
  readonly role: string;
  readonly description: string;
}

export interface ImportRequest {
  readonly logicalId: string;
  readonly type: string;
  readonly identifier: Identifier;
}

/** What is there, whoever made it. `undefined` is AWS's own "there is no such thing"; what could not be seen throws. */
export interface ExistingResources {
  /** The live properties in the words of CloudFormation, by the values of the identifier of its type. */
  properties(type: string, identifier: Identifier): Promise<Properties | undefined>;
  /** The ARN of a load balancer or a target group, by its name. */
  arn(of: 'load balancer' | 'target group', name: string): Promise<string | undefined>;
  /** The name of the stack that has a resource. */
  stackOf(id: string): Promise<string | undefined>;
}

export interface StackEvent {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly logicalId: string;
  readonly physicalId: string | undefined;
  readonly type: string;
  readonly status: string;
  readonly reason: string | undefined;
  /** The token of the request that began the operation. */
  readonly token: string | undefined;
}

export interface StackResource {
  readonly logicalId: string;
  readonly id: string | undefined;
  readonly type: string;
  readonly status: string;
}

/** How one resource differs from its template. */
export interface ResourceDrift {
  readonly logicalId: string;
  readonly id: string | undefined;
  readonly type: string;
  /** `MODIFIED`, `DELETED`, `UNKNOWN`. What is as it should be is not listed, nor what CloudFormation can't compare. */
  readonly status: string;
  readonly properties: readonly PropertyDrift[];
}

export interface PropertyDrift {
  readonly path: string;
  readonly expected: string;
  readonly actual: string;
}

/** A drift detection that has ended. */
export interface Drift {
  readonly status: 'complete' | 'failed';
  readonly reason: string | undefined;
  readonly resources: readonly ResourceDrift[];
}

/** What CloudFormation says of stacks. `undefined` is its own "there is no such thing"; what could not be seen throws. */
export interface StackReader {
  /** By name, or by ARN of one that may be deleted. */
  describe(stack: string): Promise<StackSeen | undefined>;
  /** Names of all stacks that begin so. One that was only planned, and never made, is not among them. */
  names(prefix: string): Promise<readonly string[]>;
  changeSets(stack: string): Promise<readonly ChangeSetListed[]>;
  /** By its name or its ARN, as wherever a change set is asked for. */
  changeSet(stack: string, changeSet: string): Promise<ChangeSet | undefined>;
  /** The template of the stack, or of one of its change sets, as it was sent. */
  template(stack: string, changeSet?: string): Promise<string | undefined>;
  policy(stack: string): Promise<string | undefined>;
  resources(stack: string): Promise<readonly StackResource[]>;
  /** Oldest first; those of one request, since this moment (milliseconds since the epoch). */
  events(stack: string, token: string): Promise<readonly StackEvent[]>;
  /** Starts a detection; answers its id. */
  detectDrift(stack: string): Promise<string>;
  /** `undefined` while it is on its way. */
  drift(stack: string, detection: string): Promise<Drift | undefined>;
}

/** What may be done before anybody approved. */
export interface StackPlanner extends StackReader {
  /** `exists`: there is one of this name already, which is looked at like any other. */
  createChangeSet(request: ChangeSetRequest): Promise<'created' | 'exists'>;
  /** Idempotent. */
  deleteChangeSet(stack: string, changeSet: string): Promise<void>;
}

/** What AWS Backup would do in the region. `undefined` is its own "there is no such thing"; what could not be seen throws. */
export interface BackupReader {
  /** Whether a backup vault of this name is there. */
  hasVault(name: string): Promise<boolean>;
  /** Kinds of resources that AWS Backup is turned on for, in its own words: `S3`. */
  kinds(): Promise<readonly string[]>;
}

/** A backup in a vault of AWS Backup, or a copy of one. */
export interface RecoveryPoint {
  /** ARN of what was backed up. */
  readonly resource: string;
  /** `COMPLETED`, `PARTIAL`, `CREATING` and so on, in AWS Backup's words. */
  readonly status: string;
  /** In milliseconds since the epoch. */
  readonly createdAt: number;
  /** Whether a backup plan asked for it. */
  readonly byPlan: boolean;
  /** Whether it came from another vault. */
  readonly copied: boolean;
}

/** What S3 says of an object whose bucket is copied. */
export interface Replica {
  /** `PENDING`, `COMPLETED`, `FAILED`; `undefined` of an object that no rule covered when it was written. */
  readonly status: string | undefined;
  /** In milliseconds since the epoch. */
  readonly writtenAt: number;
}

/** What has come to where an environment recovers. `undefined` is AWS's "there is no such thing"; what could not be seen throws. */
export interface CopyReader {
  recoveryPoints(region: string, vault: string): Promise<readonly RecoveryPoint[] | undefined>;
  /** `owner`: the account that the bucket must belong to. */
  replica(of: {
    readonly bucket: string;
    readonly owner: string;
    readonly key: string;
  }): Promise<Replica | undefined>;
}

/** What AWS Backup is asked for. The same token is the same job, however often it is asked. */
export interface BackupRequest {
  /** ARN of what is backed up. */
  readonly resource: string;
  readonly vault: string;
  /** ARN of the role with which AWS Backup reads it. */
  readonly role: string;
  /** How long the backup is kept. */
  readonly days: number;
  readonly token: string;
}

/** A job of AWS Backup. */
export interface BackupJob {
  /** `CREATED`, `RUNNING`, `COMPLETED`, `FAILED` and so on, in AWS Backup's words. */
  readonly state: string;
  /** When it was asked for, in milliseconds since the epoch. */
  readonly createdAt: number;
  /** What AWS Backup says of it, also of one that is complete and lacks something. */
  readonly message: string | undefined;
  /** `SUCCESS`, `AccessDenied` and so on: what the message is about. */
  readonly category: string | undefined;
  /** As AWS Backup writes it: `12.5`. */
  readonly percentDone: string | undefined;
  /** ARN of the backup, once there is one. */
  readonly recoveryPoint: string | undefined;
}

/** What backs up before an approved withdrawal takes anything away. */
export interface Backups {
  /** Answers the id of the job. */
  start(request: BackupRequest): Promise<{ readonly job: string } | { readonly refused: string }>;
  job(id: string): Promise<BackupJob>;
}

/** How a request that may take effect once was answered. After `unknown`, the caller looks. */
export type Sent = 'done' | 'unknown' | { readonly refused: string };

/** What only an approved change does. */
export interface StackExecutor extends StackReader {
  /**
   * By the ARN of what was read: under its name there may be another one by now. What a `first` creation made and failed stays
   * until it is rolled back.
   */
  execute(stack: string, changeSet: string, token: string, first: boolean): Promise<Sent>;
  /** Takes away what a first creation made before it failed, but what its template retains even then. */
  rollBack(stack: string, token: string, role: string): Promise<Sent>;
  setPolicy(stack: string, policy: string): Promise<void>;
  protect(stack: string, on: boolean): Promise<void>;
  deleteStack(stack: string, token: string, role: string): Promise<Sent>;
}
