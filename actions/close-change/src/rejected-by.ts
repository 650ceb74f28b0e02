import { Failure } from '@tenant-delivery/action-kit/failure';
import type { Admission } from '@tenant-delivery/delivery';
import type { World } from './ports.ts';

/**
 * Logins of those who rejected this run in the approval environment. GitHub never starts the job that a reviewer
 * rejected, so the last job is where a rejection can be recorded. When GitHub cannot be asked, the change is settled
 * without this.
 */
export async function rejectedBy(
  { runner, delivery, runs }: World,
  { environment }: Admission,
): Promise<readonly string[]> {
  const { repository, runId } = delivery.claims;
  try {
    const words = await (await runs()).approvalsOf(repository, runId);
    return words
      .filter(({ state }) => state === 'rejected')
      .filter(({ environments }) => environments.includes(environment.approval.environment))
      .map(({ by }) => by.login);
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    runner.warning(`Whether a reviewer rejected this run is not known: ${thrown.message}`);
    return [];
  }
}
