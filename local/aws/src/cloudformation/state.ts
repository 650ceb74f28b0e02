import type {
  Change,
  ChangeSetStatus,
  ChangeSetType,
  ExecutionStatus,
  OnStackFailure,
  ResourceStatus,
  StackDriftStatus,
  StackResourceDriftStatus,
  StackStatus,
} from '@aws-sdk/client-cloudformation';
import type { World } from '../world/world.ts';
import type { Operation } from './engine/operation.ts';
import type { Properties } from './resource-type.ts';
import type { DeletionPolicy } from './template/template.ts';

/** Stacks of one account and region, by id: plain data. A stack that was deleted stays, as AWS keeps it for 90 days. */
export interface StackStore {
  readonly stacks: Record<string, Stack>;
  readonly detections: Record<string, DriftDetection>;
}

export interface Stack {
  readonly id: string;
  readonly name: string;
  /** Milliseconds since the epoch, as every moment here. */
  readonly created: number;
  status: StackStatus;
  reason?: string | undefined;
  updated?: number;
  deleted?: number;
  /** What was applied last, or is being applied; absent while nothing was. */
  applied?: Input;
  /** The role that acts; without one the caller does. */
  roleArn?: string;
  /** A stack policy, as it was given. */
  policy?: string;
  protected: boolean;
  /** The change set that was executed last. */
  changeSet?: string;
  disableRollback?: boolean;
  resources: Record<string, StackResource>;
  outputs: readonly { readonly key: string; readonly value: string; readonly description?: string }[];
  readonly changeSets: Record<string, ChangeSet>;
  /** Oldest first. */
  readonly events: StackEvent[];
  /** What is in progress. */
  operation?: Operation | undefined;
  drift?: { readonly status: StackDriftStatus; readonly at: number };
}

/** What a stack is to be. */
export interface Input {
  /** The template's text, as it was given. */
  readonly template: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
}

export interface StackResource {
  readonly logicalId: string;
  readonly type: string;
  /** Absent until it is made. */
  physicalId?: string | undefined;
  /** Resolved, as it was made or changed last. */
  properties: Properties;
  after: readonly string[];
  deletionPolicy: DeletionPolicy;
  updateReplacePolicy: 'Delete' | 'Retain';
  status: ResourceStatus;
  reason?: string | undefined;
  updated: number;
  /** The operation that made it: its name is made of that. */
  token: string;
  drift?: { readonly status: StackResourceDriftStatus; readonly at: number; readonly actual?: Properties };
}

export interface StackEvent {
  readonly id: string;
  readonly at: number;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: ResourceStatus;
  readonly reason?: string;
  readonly properties?: string;
  readonly token?: string;
}

export interface ChangeSet {
  readonly id: string;
  readonly name: string;
  readonly created: number;
  readonly kind: ChangeSetType;
  readonly input: Input;
  readonly description?: string;
  readonly clientToken?: string;
  readonly onStackFailure?: OnStackFailure;
  /** Physical ids of what is imported, by logical id. */
  readonly imports: Readonly<Record<string, string>>;
  status: ChangeSetStatus;
  reason?: string;
  execution: ExecutionStatus;
  changes: readonly Change[];
}

export interface DriftDetection {
  readonly id: string;
  readonly stackId: string;
  readonly at: number;
  readonly done: boolean;
  readonly drifted: number;
  readonly status: StackDriftStatus;
}

export function stackStore(world: World, account: string, region: string): StackStore {
  return world.state<StackStore>('cloudformation', account, region, () => ({ stacks: {}, detections: {} }));
}

/** `AWS::CloudFormation::Stack`: the stack among its own events. */
export const STACK_TYPE = 'AWS::CloudFormation::Stack';
