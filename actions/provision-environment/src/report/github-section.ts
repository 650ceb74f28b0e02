import { code, escapeMarkdown, folded } from '@tenant-delivery/action-kit/markdown';
import type { StackPlan } from '@tenant-delivery/provisioning/plan/plan';

type PlannedRepository = NonNullable<StackPlan['github']>[number];

/** What is set at GitHub by the App, and what a person sets there. Nothing where a plan is not about it. */
export function githubSection(repositories: readonly PlannedRepository[]): readonly string[] {
  const sets = repositories.flatMap(({ repository, sets }) =>
    sets.flatMap(({ of, because }) =>
      because.map((says) => `- ${code(repository)}, ${of}: ${escapeMarkdown(says)}`),
    ),
  );
  const byHand = repositories.flatMap(({ byHand }) => byHand.map((says) => `- ${escapeMarkdown(says)}`));
  const why = repositories.flatMap(({ repository, why }) =>
    why === null ? [] : [`- ${code(repository)}: ${escapeMarkdown(why)}`],
  );
  return [
    ...(sets.length > 0 ? ['**GitHub:** the App sets as agreed what differs now.', sets.join('\n')] : []),
    ...(byHand.length > 0
      ? [folded(`GitHub: ${byHand.length} settings for a person`, '', byHand.join('\n'))]
      : []),
    ...(why.length > 0 ? [folded('Why a person sets them', '', why.join('\n'))] : []),
  ];
}
