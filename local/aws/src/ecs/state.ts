import type { BreakerSettings } from './breaker.ts';
import type { HookAction, RolloutPlan } from './rollout-plan.ts';
import type { Task } from './task-state.ts';

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
  /** The request that made it, its client token apart; a seed makes one without. */
  readonly request?: string;
  settings: ServiceSettings;
  /** The PRIMARY one first, then those whose tasks still run. */
  deployments: Deployment[];
  /** Service deployments, newest first. */
  history: ServiceDeployment[];
  revisions: Revision[];
  tasks: Task[];
  /** Newest first, at most 100. */
  events: ServiceEvent[];
  /** Who is sent what, by revision in per cent, as ECS last asked for it. */
  traffic: Traffic;
  /** Revision of the latest COMPLETED deployment: the only thing ECS rolls back to. None while a rollback is on its way. */
  lastCompleted: string | undefined;
  steady: boolean;
  /** No task is started before: ECS slows down where tasks keep failing. */
  restartAfter: number;
  /** Host number last given to a task, by subnet. */
  lastHost: Record<string, number>;
}

export interface ServiceSettings extends RevisionSettings {
  /** Who deploys it. A service of CodeDeploy has the task set that it was made with: CodeDeploy is not here. */
  controller: 'ECS' | 'CODE_DEPLOY';
  desiredCount: number;
  minimumHealthyPercent: number;
  maximumPercent: number;
  breaker: BreakerSettings;
  rollout: RolloutPlan;
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
  /** The other target group of a pair, and the rules that ECS moves between the two. */
  readonly advancedConfiguration?: {
    readonly alternateTargetGroupArn: string;
    readonly productionListenerRule: string;
    readonly testListenerRule?: string;
    readonly roleArn: string;
  };
}

export interface Traffic {
  production: Record<string, number>;
  test: Record<string, number>;
}

export interface ContainerPlan {
  readonly name: string;
  readonly image: string;
}

export interface Revision extends Readonly<RevisionSettings> {
  /** Digits: the last segment of its ARN and of its deployment's id. */
  readonly id: string;
  readonly createdAt: number;
  /** The target group of each load balancer that its tasks really go into. */
  readonly groups: readonly string[];
  /** By container name, known once a task has pulled. */
  readonly digests: Readonly<Record<string, string>>;
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
  | 'STOP_REQUESTED'
  | 'STOPPED'
  | 'ROLLBACK_REQUESTED'
  | 'ROLLBACK_IN_PROGRESS'
  | 'ROLLBACK_SUCCESSFUL'
  | 'ROLLBACK_FAILED';

export interface ServiceDeployment {
  readonly arn: string;
  /** The revision that it set out to run. */
  readonly revision: string;
  /** As the service's deployment configuration was when it began. */
  readonly plan: RolloutPlan;
  /** The revision that serves until traffic shifts. */
  readonly source: string | undefined;
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
  alarms: {
    status: 'DISABLED' | 'MONITORING' | 'MONITORING_COMPLETE' | 'TRIGGERED';
    /** In ALARM already when it began. */
    readonly ignored: readonly string[];
    triggered: string[];
  };
  progress: Progress;
  /** Pauses that it has come to, in their order. */
  hooks: HookState[];
  /** Who was sent what when it was over. */
  traffic: Traffic | undefined;
}

export type Stage =
  | 'RECONCILE_SERVICE'
  | 'PRE_SCALE_UP'
  | 'SCALE_UP'
  | 'POST_SCALE_UP'
  | 'TEST_TRAFFIC_SHIFT'
  | 'POST_TEST_TRAFFIC_SHIFT'
  | 'PRODUCTION_TRAFFIC_SHIFT'
  | 'POST_PRODUCTION_TRAFFIC_SHIFT'
  | 'BAKE_TIME'
  | 'CLEAN_UP';

/** How far a deployment has come. A rolling one knows SCALE_UP, BAKE_TIME of its alarms, and CLEAN_UP alone. */
export interface Progress {
  stage: Stage;
  /** Grows with each wait: the end of an earlier one is no news. */
  turn: number;
  /** When the present wait ends by itself; undefined while it waits for tasks or for somebody. */
  until: number | undefined;
  /** Times that this stage has shifted production traffic. */
  shifted: number;
}

export interface HookState {
  readonly id: string;
  status: 'AWAITING_ACTION' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT';
  readonly expiresAt: number;
  readonly timeoutAction: HookAction;
}

export interface ServiceEvent {
  readonly id: string;
  readonly createdAt: number;
  readonly message: string;
}
