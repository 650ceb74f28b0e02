import type { EcsWorld } from '../deploy-world.ts';
import { failures } from '../failures.ts';
import type { Ending, Trouble } from './ending.ts';
import { type FollowOptions, follow } from './follow.ts';

/**
 * Ends a pause of a deployment as it was asked for, and follows the deployment on. A pause that is over already, by an
 * earlier attempt, by a person or by its own expiry, is nothing to answer: the deployment is followed as it is.
 */
export async function resumeDeployment(
  world: EcsWorld,
  course: FollowOptions,
  hook: string,
  action: 'continue' | 'rollback',
): Promise<Ending> {
  const { services, runner } = world;
  const { serviceDeployment } = course.started;
  if (serviceDeployment === undefined)
    throw failures.resumeRefused(hook, 'service deployments may not be listed');
  const waits = async () =>
    (await services.deployment(serviceDeployment)).hooks.some(
      ({ id, status }) => id === hook && status === 'AWAITING_ACTION',
    );
  if (!(await waits())) {
    runner.info(`The deployment does not wait at ${hook} any more; nothing to answer`);
    return follow(world, course);
  }
  await course.lock.assertHeld();
  const answer = await course.deployer.resume(
    serviceDeployment,
    hook,
    action === 'continue' ? 'CONTINUE' : 'ROLLBACK',
  );
  if (answer !== 'asked') {
    if (await waits()) throw failures.resumeRefused(hook, answer.refused);
    return follow(world, course);
  }
  runner.info(`Answered the pause ${hook}: ${action}`);
  const trouble: Trouble = { outcome: 'failed', why: 'it was rolled back at a pause, as was asked for' };
  return follow(world, course, { answered: hook, ...(action === 'rollback' && { trouble }) });
}
