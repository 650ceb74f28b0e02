import type { DeploymentStart } from '@tenant-delivery/deployment/follow/deployment-start';
import type { InProgress } from '@tenant-delivery/deployment/follow/in-progress';
import type { DeployPorts } from '../deploy-world.ts';
import { failures } from '../failures.ts';
import type { Deployment } from '../plan/deployment.ts';
import type { KnownAnswers } from '../preflight/subject.ts';
import type { DeployOptions } from './deploy-options.ts';
import { findActive } from './find-start.ts';
import type { MigrationResult } from './migrate.ts';
import type { Policy } from './wait-for-others.ts';

/** How a deploy goes on from what is there now. */
export type StartDecision =
  | { readonly kind: 'update'; readonly deployment: Deployment; readonly known?: KnownAnswers }
  /** The update was sent by an earlier attempt, or by another run that wants the same: it is followed, whatever became of it. */
  | { readonly kind: 'attach'; readonly start: DeploymentStart }
  /** Another deployment is in progress, and is waited for first. */
  | { readonly kind: 'wait' }
  /** The service was updated, and ECS needed no new deployment for that. */
  | { readonly kind: 'settled'; readonly taskDefinition: string }
  /** ECS has the update, and it is not followed. */
  | { readonly kind: 'started'; readonly start: DeploymentStart }
  /** The run was cancelled before the service was updated. */
  | { readonly kind: 'cancelled' }
  | Exclude<MigrationResult, { readonly kind: 'done' }>
  /** The service runs what is wanted, by whomever. */
  | { readonly kind: 'unchanged' };

/** What to do about another deployment, by the policy; `undefined` to go on over it. */
export async function meetOther(
  ports: Pick<DeployPorts, 'services' | 'clock' | 'runner'>,
  options: Pick<DeployOptions, 'ref' | 'visibility'>,
  deployment: Deployment,
  other: InProgress,
  policy: Policy,
): Promise<StartDecision | undefined> {
  const { service } = options.ref.target;
  switch (policy) {
    case 'wait':
      return { kind: 'wait' };
    case 'replace':
      ports.runner.warning(
        `${other.id} is in progress and will be replaced; it brings ${other.taskDefinition}`,
      );
      return undefined;
    case 'attach': {
      const start = await findActive(ports, options, deployment);
      if (!start) throw failures.deploymentInProgress(service, other.id);
      ports.runner.info(`${other.id} brings what is wanted already: it is followed`);
      return { kind: 'attach', start };
    }
    case 'fail':
      throw failures.deploymentInProgress(service, other.id);
  }
}
