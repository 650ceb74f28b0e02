import type { DeploymentConfiguration, HealthCheck } from '@aws-sdk/client-ecs';
import type { ServiceSettings } from '../ecs/state.ts';
import type { TaskScript } from '../runtimes/simulated.ts';

/**
 * What happens to a release, as data: `play` lets it happen in a world whose runtime is `simulated`. All times are
 * virtual seconds.
 */
export interface Scenario {
  /** What somebody would see who watched, in one sentence. */
  readonly says: string;
  /** What the tasks of the release do, one after the other; the last one's fate is that of all later ones. */
  readonly tasks: readonly [TaskScript, ...TaskScript[]];
  /** How the service was provisioned, where it matters. */
  readonly given?: Given;
  /** What happens around the tasks, counted from the moment at which the deployment begins. */
  readonly around?: readonly Around[];
}

export interface Given {
  readonly gracePeriodSeconds?: number;
  /** Of the target group: how long the share of a healthy target grows. */
  readonly slowStartSeconds?: number;
  /** The circuit breaker; with rollback unless said otherwise. */
  readonly breaker?: 'off' | 'without rollback';
  /** The failed tasks at which the breaker trips; as it was when absent. */
  readonly breakerCount?: number;
  /** How traffic is shifted, as UpdateService takes it, with a pair of target groups for it. */
  readonly strategy?: DeploymentConfiguration;
  /** How many tasks, and how many fewer and more while it rolls. Time must pass until they are there. */
  readonly size?: Pick<ServiceSettings, 'desiredCount' | 'minimumHealthyPercent' | 'maximumPercent'>;
  /** Names of CloudWatch alarms that turn a deployment back. */
  readonly alarms?: readonly string[];
  /** Of the container that serves, in the task definition that runs and in every one made from it. */
  readonly containerHealthCheck?: HealthCheck;
  /** No listener rule sends anything to the service's target group. */
  readonly targetGroup?: 'on no listener';
}

export type Around = { readonly atSeconds: number } & (
  | { readonly kind: 'no-room'; readonly reason: string }
  | { readonly kind: 'room-again' }
  /** Autoscaling sets the desired count. */
  | { readonly kind: 'scaled'; readonly desired: number }
  /** Somebody moves all traffic away from the zone of the service's first subnet. */
  | { readonly kind: 'zone-shifted-away' }
  /** Somebody stops the service deployment. */
  | { readonly kind: 'deployment-stopped' }
  /** A CloudWatch alarm goes off. */
  | { readonly kind: 'alarm'; readonly name: string }
);
