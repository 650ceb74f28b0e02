import type { Runner } from '@tenant-delivery/action-kit/runner';
import { openDeliveryWorld, openRecord } from '@tenant-delivery/aws/session/delivery-world';
import type { Session } from '@tenant-delivery/aws/session/session';
import { workflowRuns } from '@tenant-delivery/github/actions/workflow-runs';
import { githubClient } from '@tenant-delivery/github/session/github-client';
import { dutyOf } from './duty-of.ts';
import type { CloseChangeInputs } from './inputs.ts';
import type { World } from './ports.ts';

export function openWorld(
  runner: Runner,
  env: NodeJS.ProcessEnv,
  given: CloseChangeInputs,
  session: Session,
): World {
  const record = openRecord(runner, env, session, 'evidence');
  return {
    runner,
    record,
    delivery: async () => {
      const duty = dutyOf(given.mode);
      await session.assume(duty);
      return openDeliveryWorld(runner, env, session, duty, { record });
    },
    runs: async () => {
      return workflowRuns(
        await githubClient(runner.context.apiUrl, given['github-token'], session.clock, runner.cancelled),
      );
    },
  };
}
