import { code, diff, escapeMarkdown, folded } from '@tenant-delivery/action-kit/markdown';
import type { StackPlan } from '@tenant-delivery/provisioning/plan/plan';

type PlannedRepository = NonNullable<StackPlan['github']>[number];

/** What is set at GitHub by the App, and what a person sets there. Nothing where a plan is not about it. */
export function githubSection(repositories: readonly PlannedRepository[]): readonly string[] {
  const sets = repositories.flatMap(({ repository, sets }) =>
    sets.flatMap(({ of, because, changes, keeps }) => [
      `${code(repository)}, ${of}:\n\n${because.map((says) => `- ${escapeMarkdown(says)}`).join('\n')}`,
      diff(changes.map(({ path, before, after }) => ({ path, from: before, to: after }))),
      ...(keeps.length > 0 ? [`It keeps what others added: ${escapeMarkdown(keeps.join(', '))}.`] : []),
    ]),
  );
  const byHand = repositories.flatMap(({ byHand }) => byHand.map((says) => `- ${escapeMarkdown(says)}`));
  const why = repositories.flatMap(({ repository, why }) =>
    why === null ? [] : [`- ${code(repository)}: ${escapeMarkdown(why)}`],
  );
  return [
    ...(sets.length > 0
      ? [
          '**GitHub:** the App sets as agreed what differs now. Every line below is what that changes, also what it takes away.',
          sets.join('\n\n'),
        ]
      : []),
    ...(byHand.length > 0
      ? [folded(`GitHub: ${byHand.length} settings for a person`, '', byHand.join('\n'))]
      : []),
    ...(why.length > 0 ? [folded('Why a person sets them', '', why.join('\n'))] : []),
  ];
}
