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
}

export interface Service {
  readonly arn: string;
  readonly clusterArn: string;
  readonly status: string;
  /** `ECS`, `CODE_DEPLOY` or `EXTERNAL`. */
  readonly controller: string;
  /** `ROLLING`, `BLUE_GREEN`, `LINEAR`, `CANARY`. */
  readonly strategy: string;
  readonly taskDefinition: string;
  readonly desired: number;
  readonly running: number;
  readonly deployments: readonly RolloutEntry[];
  readonly breaker: BreakerConfiguration;
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
  readonly tasks: TaskCounts;
  readonly breaker:
    | { readonly status: string; readonly failures: number; readonly threshold: number }
    | undefined;
  readonly alarms: readonly string[];
  readonly rollback:
    | { readonly reason: string | undefined; readonly revision: string | undefined }
    | undefined;
}

export interface ServiceRevision {
  readonly arn: string;
  readonly taskDefinition: string;
  /** Target groups that ECS really registers with: with blue/green they alternate, so never those of the service. */
  readonly targetGroups: readonly string[];
}

export interface TaskContainer {
  readonly name: string;
  readonly exitCode: number | undefined;
  readonly reason: string | undefined;
  readonly imageDigest: string | undefined;
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
}

/** The range that Application Auto Scaling keeps the service's desired count in. */
export interface ScalableRange {
  readonly minimum: number;
  readonly maximum: number;
}
