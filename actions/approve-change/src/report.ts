import type { Outcome } from '@tenant-delivery/action-kit/main';
import { code, escapeMarkdown, folded, table } from '@tenant-delivery/action-kit/markdown';
import type { Person } from '@tenant-delivery/delivery/github-ports';
import type { Candidate } from './candidate.ts';
import type { Approver } from './judge.ts';

export function reportApproved(
  approved: readonly { readonly candidate: Candidate; readonly by: readonly Approver[] }[],
): Outcome {
  const rows = approved.flatMap(({ candidate, by }) =>
    by.map(({ login, role, comment }) => [
      `${code(login)} (${escapeMarkdown(role)})`,
      candidate.admission.target.service,
      escapeMarkdown(comment),
    ]),
  );
  const plans = approved.map(
    ({ candidate }) => `- change ${code(candidate.change.id)}, plan ${code(candidate.plan)}`,
  );
  const people = approved.flatMap(({ by }) => by.map(({ login, role }) => `${login} (${role})`));
  const services = approved.map(({ candidate }) => candidate.admission.target.service);
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
    summary: folded(
      `Approved by ${[...new Set(people)].join(', ')}`,
      services.join(', '),
      table(['approved by', 'service', 'comment'], rows),
      plans.join('\n'),
    ),
  };
}

export function reportRejected(candidates: readonly Candidate[], by: readonly Person[]): Outcome {
  const who = by.map(({ login }) => login).join(', ');
  const changes = candidates.map(({ change }) => change.id);
  const remedy = "Read the reviewer's comment in the run, change what it asks for, and start a new run.";
  return {
    outcome: 'rejected',
    reasonCode: 'APPROVAL_REJECTED',
    ok: false,
    headline: `Rejected by ${who}: ${changes.join(', ')}.`,
    remedy,
    facts: { changes, by },
    summary: `### Rejected by ${escapeMarkdown(who)}\n\n**What to do:** ${remedy}\n\nChange: ${changes.map(code).join(', ')}`,
  };
}
