import type { JobClaims } from './claims.ts';
import type { Account, WorkflowRuns } from './github-ports.ts';

/**
 * Everybody who started this run or an attempt of it: an earlier attempt may have made the plan that a later one
 * approves. Unknown when the job's own token names somebody else.
 */
export async function startersOfRun(
  runs: Pick<WorkflowRuns, 'startersOf'>,
  { repository, runId, runAttempt, actorId }: JobClaims,
): Promise<readonly Account[] | 'unknown'> {
  const attempts = Array.from({ length: runAttempt }, (_, index) => index + 1);
  const found = await Promise.all(attempts.map((attempt) => runs.startersOf(repository, runId, attempt)));
  const all = found.flatMap(({ actor, triggeringActor }) => [actor, triggeringActor]);
  const distinct = [...new Map(all.map((account) => [account.id, account])).values()];
  return distinct.some(({ id }) => String(id) === actorId) ? distinct : 'unknown';
}
