import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { releaseGateCheck } from '@tenant-delivery/tenancy/derived-names';
import type { ApprovalAgreement, DeploymentAgreement } from '@tenant-delivery/tenancy/environment-protection';

/** How one repository at GitHub is to be set for one environment of a contract. */
export interface WantedRepository {
  /** `owner/name`. */
  readonly repository: string;
  /** GitHub's number of it, which stays when it is renamed. */
  readonly id: number;
  /** The GitHub environment of approve jobs. */
  readonly approval: ApprovalAgreement;
  /** The GitHub environment of deploy jobs. */
  readonly deployment: DeploymentAgreement;
  readonly ruleset: WantedRuleset;
}

/** What is looked at in a repository: the operations repository has environments, and no ruleset of ours. */
export type ComparedRepository = Omit<WantedRepository, 'ruleset'> &
  Partial<Pick<WantedRepository, 'ruleset'>>;

/** What holds for branches that deploy, beyond their environment. Nobody bypasses it. */
export interface WantedRuleset {
  readonly name: string;
  /** Branches or patterns of them, as the contract has them. They are neither deleted nor force-pushed. */
  readonly branches: readonly string[];
  /** Checks without which nothing gets into them. */
  readonly checks: readonly string[];
}

/**
 * The settings that the contract asks of each customer's repository. Never of the operations repository: it serves every
 * tenant, and the key of the App that sets these is in one tenant's account.
 */
export function wantedRepositorySettings(
  contract: TenantContract,
  environment: string,
): readonly WantedRepository[] {
  const agreed = contract.environments[environment];
  if (!agreed) return [];
  const { approval, protection: deployment } = agreed;
  const rulesetOf = (services: readonly string[]): WantedRuleset => ({
    name: `tenant-delivery ${contract.id}-${environment}`,
    branches: [...deployment.branches],
    checks: services
      .filter((service) => service in agreed.services)
      .map((service) => releaseGateCheck({ tenant: contract.id, environment, service }))
      .sort(),
  });
  return contract.repositories.map(({ repository, repositoryId, services }) => ({
    ...{ repository, id: repositoryId, approval, deployment },
    ruleset: rulesetOf(services),
  }));
}

const MOST_REVIEWERS = 6; // "Managing environments for deployment": up to six users or teams

/** The people who are asked in the approval environment; `too-many` if a person must choose among them. */
export function reviewersOf({ required, roles }: ApprovalAgreement): readonly number[] | 'too-many' {
  const asked = Object.entries(required).flatMap(([role, count]) => (count > 0 ? (roles[role] ?? []) : []));
  const people = [...new Set(asked)].sort((a, b) => a - b);
  return people.length > MOST_REVIEWERS ? 'too-many' : people;
}
