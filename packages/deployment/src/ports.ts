import type { Json } from '@tenant-delivery/domain';
import type { ProbeDefinition } from './health/probe-definition.ts';
import type { BalancerFront } from './health/probe-route.ts';
import type {
  AlarmState,
  Cluster,
  LoadBalancer,
  RequestMetrics,
  ScalableRange,
  Service,
  ServiceDeployment,
  ServiceDeploymentBrief,
  ServiceRevision,
  Tag,
  TargetGroup,
  TargetState,
  Task,
  TaskDefinition,
  TaskDefinitionDocument,
} from './observed.ts';

/**
 * What ECS says about a service. `undefined` is ECS's own "there is no such thing"; an answer that lacks what was
 * asked for throws, because what could not be observed is unknown.
 */
export interface ServiceReader {
  cluster(name: string): Promise<Cluster | undefined>;
  service(cluster: string, name: string): Promise<Service | undefined>;
  /** By ARN, or by family: its latest active revision. */
  taskDefinition(arnOrFamily: string): Promise<TaskDefinition | undefined>;
  /** Service deployments created at or after `since` (milliseconds of the server's clock), newest first. */
  deployments(cluster: string, name: string, since: number): Promise<readonly ServiceDeploymentBrief[]>;
  deployment(arn: string): Promise<ServiceDeployment>;
  revision(arn: string): Promise<ServiceRevision>;
  /** Without those whose ARN is in `known`: nobody wants to hear of them again. */
  tasks(
    cluster: string,
    name: string,
    status: 'RUNNING' | 'STOPPED',
    known?: ReadonlySet<string>,
  ): Promise<readonly Task[]>;
}

/** What one UpdateService says besides cluster and service. Nothing that is not here is sent. */
export interface ServiceUpdate {
  readonly taskDefinition: string;
  /** Further members of UpdateServiceRequest by its own names, each because it was asked for. */
  readonly members?: { readonly [member: string]: Json };
}

/** The right to change a service, proven again right before each change. */
export interface HeldLock {
  assertHeld(): Promise<void>;
}

/** The requests that change a service. An adapter of this port is built with a Clearance only. */
export interface ServiceDeployer {
  /** `unknown` when no answer could be read: it may have taken effect, so the caller looks. */
  register(document: TaskDefinitionDocument, tags: readonly Tag[]): Promise<TaskDefinition | 'unknown'>;
  /**
   * One UpdateService with cluster, service and what `update` says, and nothing else.
   * `unknown` when the connection ended before the answer: it may have taken effect, so the caller looks.
   */
  update(update: ServiceUpdate): Promise<Service | 'unknown'>;
  /** Stops a service deployment and lets ECS roll back. ECS refuses one that has ended, or that has nothing to go back to. */
  rollBack(serviceDeployment: string): Promise<'asked' | { readonly refused: string }>;
  /** Ends a pause of a deployment that waits at a hook. */
  resume(
    serviceDeployment: string,
    hook: string,
    action: 'CONTINUE' | 'ROLLBACK',
  ): Promise<'asked' | { readonly refused: string }>;
  /** Takes a revision out of use. Idempotent. */
  deregister(taskDefinition: string): Promise<void>;
}

/** One task beside the service, as RunTask takes it. */
export interface TaskToRun {
  /** Starts the task once, however often it is asked for: at most 64 printable characters. */
  readonly key: string;
  readonly taskDefinition: string;
  /** The service whose network, capacity and platform it gets, as ECS describes it. */
  readonly service: { readonly [member: string]: Json };
  readonly container: string;
  /** `undefined` runs what the task definition says. */
  readonly command: readonly string[] | undefined;
  /** At most 128 letters, digits, hyphens, slashes and underscores. */
  readonly startedBy: string;
}

/** Runs tasks beside a service. An adapter of this port is built with a Clearance only. */
export interface TaskRunner {
  /** `refused`: ECS's words, when it found no room for the task. `unknown` when no answer could be read: asking again is safe. */
  run(task: TaskToRun): Promise<Task | { readonly refused: string } | 'unknown'>;
  /** `undefined` when ECS does not know it, as for a moment after it was started, or an hour after it stopped. */
  task(arn: string): Promise<Task | undefined>;
  /** Idempotent. */
  stop(arn: string, reason: string): Promise<void>;
}

export interface TargetReader {
  /** By ARN or by name. */
  loadBalancer(arnOrName: string): Promise<LoadBalancer | undefined>;
  /** By ARN or by name. */
  targetGroup(arnOrName: string): Promise<TargetGroup | undefined>;
  targets(targetGroup: string): Promise<readonly TargetState[]>;
}

export interface TargetAttributeReader {
  /** How long a target that became healthy gets less than its share; 0: not at all. */
  slowStartSeconds(targetGroup: string): Promise<number>;
}

export interface BalancerFrontReader {
  /** Its name for clients and the rules of its listeners; by ARN or by name. */
  front(arnOrName: string): Promise<BalancerFront | undefined>;
}

/** Makes task definitions of probes, and no others. An adapter of this port is built with a Clearance only. */
export interface ProbeRegistrar {
  /** The ARN of the new revision. `unknown` when no answer could be read: it may be there, so the caller looks. */
  register(definition: ProbeDefinition): Promise<string | 'unknown'>;
}

export interface ZoneReader {
  /** The zones of these subnets: this account's name by the id that every account uses. */
  names(subnets: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

export interface LogReader {
  /** The last lines of a stream, oldest first; `undefined` when the group or stream does not exist. */
  tail(group: string, stream: string, lines: number): Promise<readonly string[] | undefined>;
  /** Lines after `token` (from the beginning without one), and the token for the next call. */
  after(
    group: string,
    stream: string,
    token: string | undefined,
  ): Promise<{ readonly lines: readonly string[]; readonly token: string | undefined } | undefined>;
}

export interface AlarmReader {
  /** Those of `names` that exist. */
  alarms(names: readonly string[]): Promise<readonly AlarmState[]>;
}

export interface MetricReader {
  /** Of one target group behind one balancer, by ARN, between two times in milliseconds; whole minutes inside them count. */
  requests(loadBalancer: string, targetGroup: string, from: number, until: number): Promise<RequestMetrics>;
}

export interface ScalingReader {
  /** `undefined` when nothing scales the service. */
  range(cluster: string, name: string): Promise<ScalableRange | undefined>;
}
