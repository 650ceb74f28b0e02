import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { ApprovalReading } from './ports.ts';

/** Asks GitHub by the job's own token, with a client that is loaded when somebody's approval counts. */
export async function openApprovals(
  runner: Runner,
  clock: Clock,
  token = '',
): ReturnType<ApprovalReading['github']> {
  const { environments, githubClient, workflowRuns } = await import('@tenant-delivery/github');
  const github = await githubClient(runner.context.apiUrl, token, clock, runner.cancelled);
  return { environments: environments(github), runs: workflowRuns(github) };
}
