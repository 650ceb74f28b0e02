import type { Environments, WorkflowRuns } from './github-ports.ts';
import { judgeRunApproval } from './judge-run-approval.ts';
import { startersOfRun } from './run-starters.ts';
import type { AdmissionWorld } from './world.ts';

/** GitHub's word on who started and approved this run, and how its environments are protected. */
export interface ApprovalReading {
  github(): Promise<{ readonly environments: Environments; readonly runs: WorkflowRuns }>;
}

/** What the contract says of who approves. */
export interface AgreedApproval {
  /** GitHub environments, one for each person who must approve. */
  readonly environments: readonly string[];
  /** Numeric ids of people by role. */
  readonly roles: Readonly<Record<string, readonly number[]>>;
  /** Of a grant: who is to have the role. */
  readonly requester?: string;
}

/** Who approved this very run, or why that is not enough. */
export async function approvalOfRun(
  { claims, github }: Pick<AdmissionWorld, 'claims'> & ApprovalReading,
  { environments: names, roles, ...asked }: AgreedApproval,
): Promise<ReturnType<typeof judgeRunApproval>> {
  const { repository, runId, runAttempt } = claims;
  const { environments, runs } = await github();
  const [approvals, starters, found] = await Promise.all([
    runs.approvalsOf(repository, runId),
    startersOfRun(runs, claims),
    Promise.all(
      names.map(async (name) => [name, await environments.protectionOf(repository, name)] as const),
    ),
  ]);
  const people = new Set(Object.values(roles).flat());
  return judgeRunApproval({
    approvals,
    environments: found,
    attempt: runAttempt,
    starters,
    people,
    ...asked,
  });
}
