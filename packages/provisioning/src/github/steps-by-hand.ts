import { reviewersOf, type WantedRepository } from './wanted-settings.ts';

/** What a person sets in a repository where no App may, a sentence each, in the words of GitHub's pages. */
export function stepsByHand({
  repository,
  approval,
  deployment,
  ruleset,
}: WantedRepository): readonly string[] {
  const { environment, roles, required } = approval;
  const asked = reviewersOf(approval);
  const people =
    asked === 'too-many'
      ? `at most six people of the roles ${Object.keys(required).join(', ')}`
      : `the people with the numbers ${asked.join(', ')}`;
  const named = Object.keys(required)
    .map((role) => `${role}: ${(roles[role] ?? []).join(', ')}`)
    .join('; ');
  const branches = deployment.branches.join(', ');
  return [
    `${repository}, Settings, Environments: make ${environment}. Required reviewers are ${people} (${named}). Prevent self-review. Do not allow administrators to bypass`,
    `${repository}, Settings, Environments: make ${deployment.environment}. Deployment branches are the selected ones: ${branches}. No reviewers`,
    `${repository}, Settings, Rules: make the branch ruleset ${ruleset.name} for ${branches}, active, with an empty bypass list. Restrict deletions, block force pushes, and require the status checks ${ruleset.checks.join(', ')}`,
  ];
}
