import type { Json } from '@tenant-delivery/domain';

/**
 * A task definition as ECS describes it, every member kept, known to us or not: a new AWS field passes through.
 * Only the few members that a rule reads are looked at, each checked where it is read.
 */
export type TaskDefinitionDocument = { readonly [member: string]: Json };

export interface Tag {
  readonly key: string;
  readonly value: string;
}

export interface TaskDefinition {
  readonly arn: string;
  readonly family: string;
  readonly active: boolean;
  /** As described, read-only members included. */
  readonly document: TaskDefinitionDocument;
  readonly tags: readonly Tag[];
}

export interface Cluster {
  readonly arn: string;
  /** ECS's word: `ACTIVE`, `PROVISIONING`, `INACTIVE`, … */
  readonly status: string;
}

/** One entry of `service.deployments`. */
export interface RolloutEntry {
  /** `ecs-svc/<digits>`: what its tasks carry in `startedBy`. */
  readonly id: string;
  readonly primary: boolean;
  readonly taskDefinition: string;
  /** Absent unless ECS rolls the service; absent never reads as success. */
  readonly rolloutState: 'COMPLETED' | 'FAILED' | 'IN_PROGRESS' | undefined;
  /** Milliseconds of the server's clock: the basis of every "since". */
  readonly createdAt: number;
  /** ECS's words for the rollout state. */
  readonly reason?: string | undefined;
  readonly tasks?: TaskCounts | undefined;
  /** Tasks that failed one after another; back at zero once a task runs well, so never a total. */
  readonly failedTasks?: number | undefined;
}

export interface Service {
  readonly arn: string;
  readonly clusterArn: string;
  readonly status: string;
  /** `ECS`, `CODE_DEPLOY` or `EXTERNAL`. */
  readonly controller: string;
  /** ECS's word, such as `ROLLING` or `CANARY`. */
  readonly strategy: string;
  readonly taskDefinition: string;
  readonly desired: number;
  readonly running: number;
  readonly deployments: readonly RolloutEntry[];
  readonly breaker: BreakerConfiguration;
  /** Newest first, at most 100. */
  readonly events: readonly ServiceEvent[];
  /** The service as ECS describes it, every member kept: what an update merges with and a diff compares. */
  readonly document: { readonly [member: string]: Json };
}

/** A line of the service's history. ECS suppresses one that repeats the last, so silence proves nothing. */
export interface ServiceEvent {
  readonly id: string;
  /** Milliseconds of the server's clock. */
  readonly at: number;
  readonly message: string;
}

export interface BreakerConfiguration {
  readonly enabled: boolean;
  readonly rollback: boolean;
}

/** The statuses of a service deployment ("ServiceDeployment", Amazon ECS API Reference). */
export const SERVICE_DEPLOYMENT_STATUSES = [
  'PENDING',
  'IN_PROGRESS',
  'SUCCESSFUL',
  'STOP_REQUESTED',
  'STOPPED',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
  'ROLLBACK_SUCCESSFUL',
  'ROLLBACK_FAILED',
] as const;

export type ServiceDeploymentStatus = (typeof SERVICE_DEPLOYMENT_STATUSES)[number];

export interface ServiceDeploymentBrief {
  readonly arn: string;
  readonly targetRevision: string;
  readonly createdAt: number;
  readonly status: string;
}

export interface TaskCounts {
  readonly requested: number;
  readonly running: number;
  readonly pending: number;
}

export interface ServiceDeployment {
  readonly arn: string;
  readonly targetRevision: string;
  /** ECS's word; one that is not in SERVICE_DEPLOYMENT_STATUSES is waited on, never believed. */
  readonly status: string;
  readonly reason: string | undefined;
  /** ECS's word, such as `ROLLING` or `CANARY`. */
  readonly strategy: string;
  /** Its `deploymentConfiguration` as ECS describes it, which says how long it rests; absent where that can't be seen. */
  readonly configuration?: { readonly [member: string]: Json } | undefined;
  /** ECS's word for where a deployment is that shifts traffic, such as `BAKE_TIME`; `undefined` when it names none. */
  readonly stage: string | undefined;
  /** Per cent of the production traffic that the new revision is to get; `undefined` when ECS names no weight. */
  readonly productionWeight: number | undefined;
  readonly testWeight: number | undefined;
  /** Hooks of the deployment, those that wait for somebody among them. */
  readonly hooks: readonly LifecycleHook[];
  readonly tasks: TaskCounts;
  /** Revisions that are being replaced, with the tasks that they still have. */
  readonly sources: readonly { readonly revision: string; readonly tasks: TaskCounts }[];
  /** Milliseconds of the server's clock. */
  readonly createdAt: number;
  readonly finishedAt: number | undefined;
  readonly breaker:
    | { readonly status: string; readonly failures: number; readonly threshold: number }
    | undefined;
  readonly alarms: readonly string[];
  readonly rollback:
    | { readonly reason: string | undefined; readonly revision: string | undefined }
    | undefined;
}

/** What a deployment waits for at a lifecycle stage. */
export interface LifecycleHook {
  readonly id: string;
  /** `AWAITING_ACTION` is a pause that somebody must end. */
  readonly status: string;
  /** Milliseconds of the server's clock at which ECS acts by itself. */
  readonly expiresAt: number | undefined;
  /** What ECS then does: `ROLLBACK` or `CONTINUE`. */
  readonly timeoutAction: string | undefined;
}

export interface ServiceRevision {
  readonly arn: string;
  readonly taskDefinition: string;
  /** By container name, as ECS resolved them when the revision was made. */
  readonly images: readonly {
    readonly container: string;
    readonly image: string;
    readonly digest: string | undefined;
  }[];
  /** The revision as ECS describes it, every member kept: what a rollback restores beside the task definition. */
  readonly document: { readonly [member: string]: Json };
  /** Target groups that ECS really registers with: with blue/green they alternate, so never those of the service. */
  readonly targetGroups: readonly string[];
}

export interface TaskContainer {
  readonly name: string;
  readonly exitCode: number | undefined;
  readonly reason: string | undefined;
  readonly imageDigest: string | undefined;
  /** Of the container's own health check: `HEALTHY`, `UNHEALTHY`, `UNKNOWN`; `undefined` without one. */
  readonly health?: string | undefined;
}

export interface Task {
  readonly arn: string;
  readonly taskDefinition: string;
  /** `ecs-svc/<digits>` for a task of a service deployment. */
  readonly startedBy: string | undefined;
  readonly lastStatus: string;
  readonly zone: string | undefined;
  /** The address of the task's network interface, once it has one. */
  readonly address: string | undefined;
  readonly stopCode: string | undefined;
  readonly stoppedReason: string | undefined;
  /** Milliseconds of the server's clock. */
  readonly createdAt?: number | undefined;
  readonly startedAt?: number | undefined;
  readonly stoppedAt?: number | undefined;
  readonly containers: readonly TaskContainer[];
}

export interface LoadBalancer {
  readonly arn: string;
  readonly name: string;
  readonly scheme: string;
}

export interface TargetGroup {
  readonly arn: string;
  readonly name: string;
  readonly loadBalancers: readonly string[];
  readonly healthCheck: {
    readonly path: string | undefined;
    readonly port: string | undefined;
    readonly matcher: string | undefined;
    readonly timeoutSeconds: number | undefined;
  };
}

export interface TargetState {
  readonly address: string;
  readonly port: number | undefined;
  /** ELB's word: `initial`, `healthy`, `unhealthy`, `draining`, `unused`, `unavailable`, … */
  readonly state: string;
  /** `Target.Timeout`, `Elb.InitialHealthChecking`, … */
  readonly reason: string | undefined;
  readonly description: string | undefined;
  /** `zonal_shift_active` and such: the balancer was told to leave it out. */
  readonly override?: string | undefined;
  /** `anomalous` when the balancer sees errors that its neighbours do not have. */
  readonly anomaly?: string | undefined;
}

/** The present state of a CloudWatch alarm. */
export interface AlarmState {
  readonly name: string;
  /** `OK`, `ALARM`, `INSUFFICIENT_DATA`. */
  readonly state: string;
  readonly reason: string | undefined;
  /** Milliseconds of the server's clock at which it came into this state. */
  readonly since: number | undefined;
}

/** What a balancer measured of one target group, over a span. `undefined` where it measured nothing. */
export interface RequestMetrics {
  readonly requests: number;
  /** 5xx of the targets and of the balancer itself. */
  readonly errors: number;
  readonly p95Milliseconds: number | undefined;
  /** Data points with at least one request. */
  readonly samples: number;
}

/** The range that Application Auto Scaling keeps the service's desired count in. */
export interface ScalableRange {
  readonly minimum: number;
  readonly maximum: number;
}
