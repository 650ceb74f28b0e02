import type {
  Cluster,
  LoadBalancer,
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
  tasks(cluster: string, name: string, status: 'RUNNING' | 'STOPPED'): Promise<readonly Task[]>;
}

/** The three requests that change something. An adapter of this port is built with a Clearance only. */
export interface ServiceDeployer {
  /** `unknown` when no answer could be read: it may have taken effect, so the caller looks. */
  register(document: TaskDefinitionDocument, tags: readonly Tag[]): Promise<TaskDefinition | 'unknown'>;
  /**
   * One UpdateService with cluster, service and task definition, and nothing else.
   * `unknown` when the connection ended before the answer: it may have taken effect, so the caller looks.
   */
  update(taskDefinition: string): Promise<Service | 'unknown'>;
  /** Stops a service deployment and lets ECS roll back. ECS refuses one that has ended, or that has nothing to go back to. */
  rollBack(serviceDeployment: string): Promise<'asked' | { readonly refused: string }>;
}

export interface TargetReader {
  loadBalancer(name: string): Promise<LoadBalancer | undefined>;
  /** By ARN or by name. */
  targetGroup(arnOrName: string): Promise<TargetGroup | undefined>;
  targets(targetGroup: string): Promise<readonly TargetState[]>;
}

export interface LogReader {
  /** The last lines of a stream, oldest first; `undefined` when the group or stream does not exist. */
  tail(group: string, stream: string, lines: number): Promise<readonly string[] | undefined>;
}

export interface ScalingReader {
  /** `undefined` when nothing scales the service. */
  range(cluster: string, name: string): Promise<ScalableRange | undefined>;
}
