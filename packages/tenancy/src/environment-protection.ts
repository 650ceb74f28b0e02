import type { EnvironmentContract } from './contract.ts';

/** How an environment of a repository is protected. */
export interface EnvironmentProtection {
  readonly name: string;
  readonly reviewers: Reviewers;
  readonly adminsMayBypass: boolean;
  readonly branches: BranchRule;
}

export type Reviewers =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'required';
      readonly people: readonly { readonly id: number; readonly login: string }[];
      /** Slugs. GitHub does not say here who is in a team. */
      readonly teams: readonly string[];
      readonly preventSelfReview: boolean;
    };

export type BranchRule =
  | { readonly kind: 'any' }
  | { readonly kind: 'protected-branches' }
  | { readonly kind: 'patterns'; readonly branches: readonly string[]; readonly tags: readonly string[] };

/** What the contract says about approving in one environment. */
export type ApprovalAgreement = EnvironmentContract['approval'];

/** What the contract says about the environment that deploys. */
export type DeploymentAgreement = EnvironmentContract['protection'];

/**
 * How the approval environment differs from the agreement: a sentence each, none when it protects as agreed.
 * GitHub creates an unprotected environment as soon as a workflow names it.
 */
export function compareApprovalEnvironment(
  agreed: ApprovalAgreement,
  found: EnvironmentProtection | 'absent',
): readonly string[] {
  const { environment: name } = agreed;
  if (found === 'absent') return [`${name} does not exist`];
  const bypass = found.adminsMayBypass
    ? [`${name} lets administrators bypass its rules; agreed is that nobody may`]
    : [];
  const { reviewers } = found;
  if (reviewers.kind === 'none') return [`${name} requires no reviewer`, ...bypass];
  const approvers = new Set(Object.values(agreed.roles).flat());
  return [
    ...bypass,
    ...(reviewers.preventSelfReview ? [] : [`${name} lets people review their own runs`]),
    ...Object.entries(agreed.required).flatMap(([role, count]) => {
      const able = reviewers.people.filter(({ id }) => agreed.roles[role]?.includes(id)).length;
      return able >= count
        ? []
        : [`${name} has ${able} of the ${count} reviewers that the role ${role} needs`];
    }),
    ...reviewers.people
      .filter(({ id }) => !approvers.has(id))
      .map(({ id, login }) => `${name} has the reviewer ${login} (${id}), whom the contract gives no role`),
    ...reviewers.teams.map((slug) => `${name} has the team ${slug} as reviewer; the contract names people`),
  ];
}

/** As above, for the environment of the deploy job: what it lets through beyond the agreed branches. */
export function compareDeployEnvironment(
  agreed: DeploymentAgreement,
  found: EnvironmentProtection | 'absent',
): readonly string[] {
  const { environment: name } = agreed;
  if (found === 'absent') return [`${name} does not exist`];
  const { branches: rule } = found;
  const only = agreed.branches.join(', ');
  if (rule.kind === 'any') return [`${name} deploys from any branch; agreed is ${only}`];
  if (rule.kind === 'protected-branches')
    return [`${name} deploys from every protected branch; agreed is ${only}`];
  return [
    ...rule.branches
      .filter((branch) => !agreed.branches.includes(branch))
      .map((branch) => `${name} also deploys from ${branch}; agreed is ${only}`),
    ...rule.tags.map((tag) => `${name} also deploys from the tag ${tag}; agreed is ${only}`),
  ];
}
