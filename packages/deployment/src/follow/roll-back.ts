import { Failure } from '@tenant-delivery/action-kit/failure';
import type { HeldLock, ServiceDeployer } from '../ports.ts';
import type { DeploymentStart } from './deployment-start.ts';
import type { Trouble } from './ending.ts';
import type { FollowPorts } from './follow-ports.ts';
import { passes } from './patience.ts';

const ASKS = 5; // how often ECS is asked to roll back while no answer can be read
const GRACE = 3_000; // milliseconds for which a cancelled run waits for an answer: the runner kills it soon after

/** The deployment that may be stopped, and the right to do it. */
export interface Stoppable {
  readonly start: DeploymentStart;
  readonly deployer: Pick<ServiceDeployer, 'rollBack'>;
  readonly lock: HeldLock;
}

/** Stops the deployment and lets ECS roll it back. Answers the trouble with what ECS said to that. */
export async function rollBack(
  { runner }: Pick<FollowPorts, 'runner'>,
  { start, deployer, lock }: Stoppable,
  trouble: Trouble,
): Promise<Trouble> {
  const { outcome, why, cause } = trouble;
  const refuse = (refused: string): Trouble => {
    runner.info(`The answer was: ${refused}`);
    return { outcome, why, cause, refused };
  };
  if (start.serviceDeployment === undefined) return refuse('this role may not list service deployments');
  runner.info('Stopping the deployment and rolling back');
  await lock.assertHeld();
  try {
    const answer = await deployer.rollBack(start.serviceDeployment);
    return answer === 'asked' ? { outcome, why, cause } : refuse(answer.refused);
  } catch (thrown) {
    const asked = (trouble.unanswered ?? 0) + 1;
    if (!(thrown instanceof Failure) || thrown.code === 'AWS_SESSION_EXPIRED') throw thrown;
    if (!passes(thrown) || asked >= ASKS) return refuse(thrown.message);
    runner.warning(`${thrown.message}; looking, and asking again if it goes on`);
    return { ...trouble, unanswered: asked };
  }
}

/**
 * The one request that a cancelled run may still send. The lock was proven held within the last minute, so it goes out
 * without asking again, and nobody waits for its landing.
 */
export async function rollBackInTime(
  { clock }: Pick<FollowPorts, 'clock'>,
  { start, deployer }: Stoppable,
): Promise<string> {
  if (start.serviceDeployment === undefined)
    return 'it could not be rolled back, because its ARN is not known';
  const asking = deployer.rollBack(start.serviceDeployment).then(
    (answer) =>
      answer === 'asked' ? 'ECS was asked to roll back' : `ECS would not roll back: ${answer.refused}`,
    (thrown: unknown) =>
      `ECS could not be asked to roll back: ${thrown instanceof Error ? thrown.message : thrown}`,
  );
  const late = clock.sleep(GRACE).then(() => 'ECS was asked to roll back and has not answered yet');
  return Promise.race([asking, late]);
}
