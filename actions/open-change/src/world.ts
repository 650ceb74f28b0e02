import { clockFrom } from '@tenant-delivery/action-kit/clock';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import { workspaceAt } from '@tenant-delivery/action-kit/workspace';
import { startSession } from '@tenant-delivery/aws/session/session';
import { targetOf } from '@tenant-delivery/delivery/target-of';
import type { Target } from '@tenant-delivery/domain';
import { workflowRuns } from '@tenant-delivery/github/actions/workflow-runs';
import { checkRuns } from '@tenant-delivery/github/commits/check-runs';
import { pullRequestComments } from '@tenant-delivery/github/issues/pull-request-comments';
import { githubClient } from '@tenant-delivery/github/session/github-client';
import type { OpenChangeInputs } from './inputs.ts';
import type { World } from './ports.ts';

/** The clients that a mode does not need are never loaded; those that it needs load while STS answers. */
export function openWorld(runner: Runner, env: NodeJS.ProcessEnv, given: OpenChangeInputs): World {
  const readingAs = async (role: 'read' | 'pull-request', place: Target) => {
    const { opened } = await startSession(runner, env, place, [role]);
    const { openAdmissionWorld } = await import('@tenant-delivery/aws/session/delivery-world');
    return openAdmissionWorld(runner, env, await opened, role);
  };
  return {
    runner,
    workspace: workspaceAt(runner.context.workspace),
    github: async () => {
      const github = await githubClient(
        runner.context.apiUrl,
        given['github-token'],
        clockFrom(env),
        runner.cancelled,
      );
      return { runs: workflowRuns(github), comments: pullRequestComments(github), checks: checkRuns(github) };
    },
    delivery: async () => {
      const { opened } = await startSession(runner, env, targetOf(given), ['build', 'evidence']);
      const { openDeliveryWorld } = await import('@tenant-delivery/aws/session/delivery-world');
      return openDeliveryWorld(runner, env, await opened, 'build');
    },
    reading: () => readingAs('pull-request', targetOf(given)),
    readingIn: (place) => readingAs('read', place),
  };
}
