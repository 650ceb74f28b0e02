import {
  compareApprovalEnvironment,
  compareDeployEnvironment,
} from '@tenant-delivery/delivery/environment-protection';
import type { EnvironmentProtection, Environments } from '@tenant-delivery/delivery/github-ports';
import { type Asked, judged, ok, unknown, type Verdict, wrong } from './line.ts';
import type { Place } from './place.ts';
import type { Repositories, RepositorySettings } from './ports.ts';

export interface GithubSight extends Environments, Repositories {}

/** Both environments in each repository that delivers here, and whether GitHub's plan lets them protect anything. */
export function githubLines(
  { environment, contract }: Place,
  github: GithubSight,
  repositories: readonly string[] = [
    ...contract.repositories
      .filter(({ services }) => services.some((service) => service in environment.services))
      .map(({ repository }) => repository),
    contract.operations.repository,
  ],
): readonly Asked[] {
  const { approval, protection } = environment;
  return [...new Set(repositories)].flatMap((repository) => {
    const settings = github.settingsOf(repository);
    const asks = github.protectionOf(repository, approval.environment);
    const deploys = github.protectionOf(repository, protection.environment);
    const mend = `https://github.com/${repository}/settings/environments: set what differs, as the contract says`;
    const line = (name: string, asked: Promise<EnvironmentProtection | 'absent'>, differences: Compare) => ({
      id: `github/${repository}/${name}`,
      about: `GitHub environment ${name} of ${repository}`,
      verdict: judged(Promise.all([settings, asked]), ([seen, found]) =>
        judgeEnvironment(seen, differences(found), mend),
      ),
    });
    return [
      line(approval.environment, asks, (found) => compareApprovalEnvironment(approval, found)),
      line(protection.environment, deploys, (found) => compareDeployEnvironment(protection, found)),
      {
        id: `github/${repository}/plan`,
        about: `GitHub plan of ${repository}`,
        verdict: judged(Promise.all([settings, asks]), ([seen, found]) => judgePlan(seen, found)),
      },
    ];
  });
}

type Compare = (found: EnvironmentProtection | 'absent') => readonly string[];

const UNSEEN = unknown(
  'this token sees no such repository',
  'Set GITHUB_TOKEN to a token that may read it, or correct its name in the contract',
);

function judgeEnvironment(
  settings: RepositorySettings | undefined,
  differences: readonly string[],
  mend: string,
): Verdict {
  if (settings === undefined) return UNSEEN; // then its environments seem absent, too
  return differences.length === 0 ? ok('as in the contract') : wrong(differences.join('; '), mend);
}

/** "Managing environments for deployment", GitHub Docs: required reviewers in private repositories are of GitHub Enterprise. */
function judgePlan(
  settings: RepositorySettings | undefined,
  approval: EnvironmentProtection | 'absent',
): Verdict {
  if (settings === undefined) return UNSEEN;
  const { visibility, plan } = settings;
  if (visibility === 'public') return ok('a public repository may require reviewers under every plan');
  if (approval !== 'absent' && approval.reviewers.kind === 'required')
    return ok('it requires reviewers, so its plan allows that');
  if (plan === undefined)
    return unknown(
      `the repository is ${visibility}, and this token may not see its owner's plan`,
      'Look at the Billing page of the owner: required reviewers in a private repository need GitHub Enterprise',
    );
  return /^(enterprise|business_plus)/.test(plan)
    ? ok(`${plan}, which allows required reviewers`)
    : wrong(
        `the repository is ${visibility} and its owner has the plan ${plan}, which has no required reviewers there`,
        'Move the owner to GitHub Enterprise on its Billing page',
      );
}
