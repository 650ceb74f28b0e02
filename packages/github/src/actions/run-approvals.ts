import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { ApprovalReading } from '@tenant-delivery/delivery/run-approval';

/** Asks GitHub by the job's own token, with a client that is loaded when somebody's approval counts. */
export async function openApprovals(
  runner: Runner,
  clock: Clock,
  token = '',
): ReturnType<ApprovalReading['github']> {
  const [{ environments }, { workflowRuns }, { githubClient }] = await Promise.all([
    import('./environments.ts'),
    import('./workflow-runs.ts'),
    import('../session/github-client.ts'),
  ]);
  const github = await githubClient(runner.context.apiUrl, token, clock, runner.cancelled);
  return { environments: environments(github), runs: workflowRuns(github) };
}
