import type { Trouble } from './ending.ts';
import type { FollowedFrom, FollowOptions } from './follow.ts';
import type { FollowPorts } from './follow-ports.ts';

/** How a pause is answered. */
export interface PauseAnswer {
  readonly hook: string;
  readonly action: 'continue' | 'rollback';
}

const BY_ECS = { continue: 'CONTINUE', rollback: 'ROLLBACK' } as const;

/**
 * Ends a pause of a deployment as it was asked for. Answers from where the deployment is followed on. A pause that is over
 * already, by an earlier attempt, by a person or by its own expiry, is nothing to answer: the deployment is followed as it
 * is. `refused` are the words why it still waits there.
 */
export async function answerPause(
  { services, runner }: FollowPorts,
  options: FollowOptions,
  { hook, action }: PauseAnswer,
): Promise<FollowedFrom | { readonly refused: string }> {
  const { serviceDeployment } = options.start;
  if (serviceDeployment === undefined) return { refused: 'service deployments may not be listed' };
  const waits = async () =>
    (await services.deployment(serviceDeployment)).hooks.some(
      ({ id, status }) => id === hook && status === 'AWAITING_ACTION',
    );
  if (!(await waits())) {
    runner.info(`The deployment does not wait at ${hook} any more; nothing to answer`);
    return {};
  }
  await options.lock.assertHeld();
  const answer = await options.deployer.resume(serviceDeployment, hook, BY_ECS[action]);
  if (answer !== 'asked') {
    if (await waits()) return { refused: answer.refused };
    return {};
  }
  runner.info(`Answered the pause ${hook}: ${action}`);
  const trouble: Trouble = { outcome: 'failed', why: 'it was rolled back at a pause, as requested' };
  return { answered: hook, ...(action === 'rollback' && { trouble }) };
}
