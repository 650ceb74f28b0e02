import type { Runner } from '@tenant-delivery/action-kit/runner';
import { openDeliveryWorld } from '@tenant-delivery/aws/session/delivery-world';
import type { Session } from '@tenant-delivery/aws/session/session';
import { environments } from '@tenant-delivery/github/actions/environments';
import { workflowRuns } from '@tenant-delivery/github/actions/workflow-runs';
import { commits } from '@tenant-delivery/github/commits/commits';
import { githubClient } from '@tenant-delivery/github/session/github-client';
import type { ApproveChangeInputs } from './inputs.ts';
import type { World } from './ports.ts';

export async function openWorld(
  runner: Runner,
  env: NodeJS.ProcessEnv,
  given: ApproveChangeInputs,
  session: Session,
): Promise<World> {
  const github = await githubClient(
    runner.context.apiUrl,
    given['github-token'],
    session.clock,
    runner.cancelled,
  );
  return {
    runner,
    delivery: await openDeliveryWorld(runner, env, session, 'approve'),
    environments: environments(github),
    runs: workflowRuns(github),
    commits: commits(github),
  };
}
