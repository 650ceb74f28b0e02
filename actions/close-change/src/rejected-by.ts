import { Failure } from '@tenant-delivery/action-kit/failure';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import type { RecordingWorld } from './ports.ts';

/**
 * Logins of those who rejected this run in the approval environment. GitHub never starts the job that a reviewer
 * rejected, so the last job is where a rejection can be recorded. On a later attempt GitHub does not say which attempt
 * was rejected, and nobody is named. When GitHub cannot be asked, the change is settled without this.
 */
export async function rejectedBy(
  { runner, delivery, runs }: RecordingWorld,
  { environment }: Admission,
): Promise<readonly string[]> {
  const { repository, runId, runAttempt } = delivery.claims;
  if (runAttempt > 1) return [];
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
