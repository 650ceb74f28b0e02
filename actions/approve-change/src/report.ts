import type { Outcome } from '@tenant-delivery/action-kit/main';
import { code, escapeMarkdown, table } from '@tenant-delivery/action-kit/markdown';
import type { Person } from '@tenant-delivery/delivery/github-ports';
import type { Candidate } from './candidate.ts';
import type { Approver } from './judge.ts';

export function reportApproved(
  approved: readonly { readonly candidate: Candidate; readonly by: readonly Approver[] }[],
): Outcome {
  const rows = approved.flatMap(({ candidate, by }) =>
    by.map(({ login, role, comment }) => [
      candidate.admission.target.service,
      code(candidate.change.id),
      code(candidate.plan),
      code(login),
      escapeMarkdown(role),
      escapeMarkdown(comment),
    ]),
  );
  const what =
    approved.length === 1 ? `${approved[0]?.candidate.change.id} is` : `${approved.length} changes are`;
  return {
    outcome: 'approved',
    reasonCode: 'OK',
    ok: true,
    headline: `${what} approved by ${[...new Set(approved.flatMap(({ by }) => by.map(({ login }) => login)))].join(', ')}.`,
    facts: {
      changes: approved.map(({ candidate, by }) => ({
        change: candidate.change.id,
        plan: candidate.plan,
        approvers: by.map(({ id, login, role }) => ({ id, login, role })),
      })),
    },
    summary: `### Approved\n\n${table(['service', 'change', 'plan', 'approver', 'role', 'comment'], rows)}`,
  };
}

export function reportRejected(candidates: readonly Candidate[], by: readonly Person[]): Outcome {
  const who = by.map(({ login }) => login).join(', ');
  const changes = candidates.map(({ change }) => change.id);
  return {
    outcome: 'rejected',
    reasonCode: 'APPROVAL_REJECTED',
    ok: false,
    headline: `Rejected by ${who}: ${changes.join(', ')}.`,
    remedy: "Read the reviewer's comment in the run, change what it asks for, and start a new run.",
    facts: { changes, by },
    summary: `### Rejected\n\nBy ${escapeMarkdown(who)}: ${changes.map(code).join(', ')}\n`,
  };
}
