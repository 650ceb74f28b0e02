import type { BreakerSettings } from './breaker.ts';

/*
 * One service as ECS keeps it: plain data, times in virtual milliseconds, so that a world can be saved.
 * Only `advance` changes it, on a copy; everybody else reads.
 */

export interface ServiceState {
  readonly arn: string;
  readonly name: string;
  readonly cluster: string;
  readonly clusterArn: string;
  readonly createdAt: number;
  settings: ServiceSettings;
  /** The PRIMARY one first, then those whose tasks still run. */
  deployments: Deployment[];
  /** Service deployments, newest first. */
  history: ServiceDeployment[];
  revisions: Revision[];
  tasks: Task[];
  /** Newest first, at most 100. */
  events: ServiceEvent[];
  /** Revision of the latest COMPLETED deployment: the only thing ECS rolls back to. None while a rollback is on its way. */
  lastCompleted: string | undefined;
  steady: boolean;
  /** No task is started before: ECS slows down where tasks keep failing. */
  restartAfter: number;
  /** Host number last given to a task, by subnet. */
  lastHost: Record<string, number>;
}

export interface ServiceSettings extends RevisionSettings {
  desiredCount: number;
  minimumHealthyPercent: number;
  maximumPercent: number;
  breaker: BreakerSettings;
  gracePeriodSeconds: number;
  enableExecuteCommand: boolean;
  enableManagedTags: boolean;
  propagateTags: 'TASK_DEFINITION' | 'SERVICE' | 'NONE';
  zoneRebalancing: 'ENABLED' | 'DISABLED';
}

/** What a change of makes a new deployment, and what a rollback restores. */
export interface RevisionSettings {
  taskDefinition: string;
  containers: ContainerPlan[];
  subnets: Subnet[];
  securityGroups: string[];
  assignPublicIp: 'ENABLED' | 'DISABLED';
  loadBalancers: LoadBalancer[];
  platformVersion: string;
}

export interface Subnet {
  readonly id: string;
  /** `eu-west-1a`; its number differs from account to account. */
  readonly zone: string;
  /** `euw1-az1`; the same place in every account. */
  readonly zoneId: string;
  readonly cidr: string;
}

export interface LoadBalancer {
  readonly targetGroupArn: string;
  readonly containerName: string;
  readonly containerPort: number;
}

export interface ContainerPlan {
  readonly name: string;
  readonly image: string;
}

export interface Revision extends RevisionSettings {
  /** Digits: the last segment of its ARN and of its deployment's id. */
  readonly id: string;
  readonly createdAt: number;
  /** By container name, known once a task has pulled. */
  digests: Record<string, string>;
}

export interface Deployment {
  /** `ecs-svc/` and the revision's digits; also `startedBy` of its tasks. */
  readonly id: string;
  readonly revision: string;
  readonly createdAt: number;
  updatedAt: number;
  rollout: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  rolloutReason: string;
  /** False until the scheduler has picked it up. */
  begun: boolean;
  /** Consecutive: zero again with each task that turns healthy. */
  failedTasks: number;
  /** What the circuit breaker compares with its threshold. */
  breakerFailures: number;
  /** Consecutive tasks that ended without having been healthy, for whatever reason. */
  barren: number;
}

export type DeploymentStatus =
  | 'PENDING'
  | 'IN_PROGRESS'
  | 'SUCCESSFUL'
  | 'STOPPED'
  | 'ROLLBACK_REQUESTED'
  | 'ROLLBACK_IN_PROGRESS'
  | 'ROLLBACK_SUCCESSFUL'
  | 'ROLLBACK_FAILED';

export interface ServiceDeployment {
  readonly arn: string;
  /** The revision that it set out to run. */
  readonly revision: string;
  readonly sources: readonly { readonly revision: string; readonly running: number }[];
  readonly createdAt: number;
  updatedAt: number;
  startedAt: number | undefined;
  stoppedAt: number | undefined;
  finishedAt: number | undefined;
  status: DeploymentStatus;
  statusReason: string | undefined;
  rollback: { reason: string; startedAt: number; revision: string } | undefined;
  breaker: {
    status: 'DISABLED' | 'MONITORING' | 'MONITORING_COMPLETE' | 'TRIGGERED';
    failureCount: number;
    threshold: number;
  };
}

export type TaskStatus =
  | 'PROVISIONING'
  | 'PENDING'
  | 'ACTIVATING'
  | 'RUNNING'
  | 'DEACTIVATING'
  | 'STOPPING'
  | 'DEPROVISIONING'
  | 'STOPPED';

/** How a task came to its end ("TaskStopCode"). */
export type StopCode =
  | 'TaskFailedToStart'
  | 'EssentialContainerExited'
  | 'ServiceSchedulerInitiated'
  | 'UserInitiated'
  | 'SpotInterruption'
  | 'TerminationNotice'
  | 'InfrastructureHealth';

/** What every task has, whoever started it. */
export interface TaskRun {
  readonly id: string;
  readonly subnet: Subnet;
  readonly address: string;
  readonly attachment: string;
  readonly networkInterface: string;
  lastStatus: TaskStatus;
  desiredStatus: 'RUNNING' | 'STOPPED';
  readonly createdAt: number;
  pullStartedAt: number | undefined;
  pullStoppedAt: number | undefined;
  /** When it turned RUNNING. */
  startedAt: number | undefined;
  stoppingAt: number | undefined;
  executionStoppedAt: number | undefined;
  stoppedAt: number | undefined;
  stopCode: StopCode | undefined;
  stoppedReason: string | undefined;
  containers: TaskContainer[];
}

/** A task of a service. */
export interface Task extends TaskRun {
  readonly deployment: string;
  readonly revision: string;
  /** By target group, as its health checks say. */
  targets: Record<string, TargetStanding>;
  /** Healthy now, in every target group; without one, 40 s after it turned RUNNING. */
  healthy: boolean;
  /** Has been healthy at some time. */
  provedHealthy: boolean;
  checkFailed: boolean;
}

export type TargetStanding = 'initial' | 'healthy' | 'unhealthy' | 'gone';

export interface TaskContainer {
  readonly name: string;
  readonly image: string;
  digest: string | undefined;
  lastStatus: 'PENDING' | 'RUNNING' | 'STOPPED';
  exitCode: number | undefined;
  reason: string | undefined;
  /** As its own health check says; UNKNOWN where it has none. */
  health: ContainerHealth;
}

export type ContainerHealth = 'UNKNOWN' | 'HEALTHY' | 'UNHEALTHY';

export interface ServiceEvent {
  readonly id: string;
  readonly createdAt: number;
  readonly message: string;
}
