import type { Account, Person, RunApproval } from '@tenant-delivery/delivery/github-ports';
import type { Actor } from '@tenant-delivery/evidence/change-event';
import type { EnvironmentProtection } from '@tenant-delivery/tenancy/environment-protection';
import { putDocument } from '@tenant-delivery/vault/objects';
import type { Candidate } from './candidate.ts';
import type { Approver } from './judge.ts';
import type { World } from './ports.ts';

/** What was found to be enough, and who had started the run and its attempts. */
export interface Approval {
  readonly by: readonly Approver[];
  readonly starters: readonly Account[] | 'unknown';
}

/**
 * Copies what GitHub said into the record, bound to the plan: GitHub itself keeps no time, attempt or commit with an
 * approval. A change that an earlier attempt recorded as approved was judged again and stays as it is.
 */
export async function recordApproval(
  { delivery }: World,
  { change, admission, plan, brings }: Candidate,
  { by, starters }: Approval,
  protection: readonly EnvironmentProtection[],
): Promise<void> {
  if (change.state === 'approved') return;
  const { vault, clock, claims } = delivery;
  const observedAt = new Date(clock.now()).toISOString();
  const [approvals, environments] = await Promise.all([
    putDocument(vault, {
      schemaVersion: 1,
      plan,
      environment: admission.environment.approval.environment,
      required: admission.environment.approval.required,
      approvers: by,
      runId: claims.runId,
      runAttempt: claims.runAttempt,
      startedBy: { id: Number(claims.actorId), login: claims.actor },
      starters,
      since: brings.since ?? null,
      commits: brings.commits,
      observedAt,
    }),
    putDocument(vault, {
      schemaVersion: 1,
      repository: claims.repository,
      environments: protection,
      observedAt,
    }),
  ]);
  await change.append('approved', {
    plan,
    evidence: { approvals, 'environment-protection': environments },
    decision: { result: 'allow', reasons: ['APPROVALS_MET'], note: `Approved by ${names(by)}.` },
    ...actorOf(by),
  });
}

export async function recordRejection(
  { delivery }: World,
  { change, plan }: Candidate,
  words: readonly RunApproval[],
  by: readonly Person[],
): Promise<void> {
  const { vault, clock, claims } = delivery;
  const approvals = await putDocument(vault, {
    schemaVersion: 1,
    plan,
    words,
    runId: claims.runId,
    runAttempt: claims.runAttempt,
    observedAt: new Date(clock.now()).toISOString(),
  });
  await change.append('rejected', {
    plan,
    evidence: { approvals },
    decision: { result: 'deny', reasons: ['APPROVAL_REJECTED'], note: `Rejected by ${names(by)}.` },
    ...actorOf(by),
  });
}

function actorOf([first]: readonly (Person & { readonly role?: string })[]): { readonly actor?: Actor } {
  if (!first) return {};
  const { id, login, role } = first;
  return {
    actor: { kind: 'human', id: `github:${id}`, login, via: 'environment-review', ...(role && { role }) },
  };
}

function names(people: readonly Person[]): string {
  return people.map(({ login }) => login).join(', ');
}
