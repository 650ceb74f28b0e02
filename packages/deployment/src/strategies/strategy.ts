import type { Json } from '@tenant-delivery/domain';

/** A service's or a deployment's `deploymentConfiguration`, by ECS's own names. */
export type DeploymentConfiguration = { readonly [member: string]: Json };

/** Tasks of a service, and how many may run at once while it is deployed. */
export interface Fleet {
  readonly desired: number;
  readonly running: number;
  readonly maximumPercent: number;
}

/** Where a deployment is that shifts traffic. */
export interface Stage {
  /** ECS's word for it; `undefined` when ECS names none. */
  readonly stage: string | undefined;
  /** Per cent of the production traffic that the new revision gets. */
  readonly productionWeight: number | undefined;
}

/**
 * How ECS brings a new revision to a service: everything in which strategies differ. Nobody else asks for a strategy by
 * its name, so a new one is a new file here and a row in `strategies.ts`.
 */
export interface Strategy {
  /** ECS's word for it. */
  readonly name: string;
  /** A second fleet starts beside the first, and traffic moves between them by weights. */
  readonly shiftsTraffic: boolean;
  /** The service's own list of deployments gives it a state, so the service tells of its end too. */
  readonly endsInService: boolean;
  /** AWS's pages agree that the circuit breaker watches it. */
  readonly hasBreaker: boolean;
  /** Milliseconds for which targets must have no way to become healthy before the deployment is given up. */
  readonly lostAfter: number;
  /** Whether it starts tasks at this stage, and can neither end nor pause while some are missing. */
  startsTasksAt(stage: string | undefined): boolean;
  /** Minutes for which it rests at a stage by its configuration: neither an end nor a pause can come before. */
  restAt(stage: Stage, configuration: DeploymentConfiguration): number;
  /** What it waits for on its way beside the bake, with the minutes. */
  waits(configuration: DeploymentConfiguration): readonly (readonly [string, number])[];
  /** How often it shifts the traffic. */
  shifts(configuration: DeploymentConfiguration): number;
  /** Addresses that it needs beside those of the tasks that run. */
  addresses(fleet: Fleet): number;
}
