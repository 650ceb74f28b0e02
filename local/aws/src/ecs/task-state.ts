import type { Subnet } from './state.ts';

/* One task as ECS keeps it: plain data, as the state of its service. */

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

/** What every task has, started by a service or by a person. */
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
  /** Essential and with a health check of its own: the task is no healthier than it is. */
  checked: boolean;
}

export type ContainerHealth = 'UNKNOWN' | 'HEALTHY' | 'UNHEALTHY';
