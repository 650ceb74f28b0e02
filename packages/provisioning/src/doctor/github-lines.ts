import type { AgreedEnvironment } from './agreed-environment.ts';
import { type Asked, judged, ok, unknown, type Verdict, wrong } from './line.ts';
import type { FoundApproval, GithubReader, RepositorySettings } from './ports.ts';

/** Both environments in each repository that delivers here, and whether GitHub's plan lets them protect anything. */
export function githubLines(
  { environment, contract }: AgreedEnvironment,
  github: GithubReader,
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
    const asks = github.approval(repository, approval);
    const deploys = github.deployment(repository, protection);
    const mend = `https://github.com/${repository}/settings/environments: set what differs, as the contract says`;
    const line = (name: string, asked: Promise<readonly string[]>) => ({
      id: `github/${repository}/${name}`,
      about: `GitHub environment ${name} of ${repository}`,
      verdict: judged(Promise.all([settings, asked]), ([seen, differences]) =>
        judgeEnvironment(seen, differences, mend),
      ),
    });
    return [
      line(
        approval.environment,
        asks.then(({ differences }) => differences),
      ),
      line(protection.environment, deploys),
      {
        id: `github/${repository}/plan`,
        about: `GitHub plan of ${repository}`,
        verdict: judged(Promise.all([settings, asks]), ([seen, found]) => judgePlan(seen, found)),
      },
    ];
  });
}

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
function judgePlan(settings: RepositorySettings | undefined, { requiresReviewers }: FoundApproval): Verdict {
  if (settings === undefined) return UNSEEN;
  const { visibility, plan } = settings;
  if (visibility === 'public') return ok('a public repository may require reviewers under every plan');
  if (requiresReviewers) return ok('it requires reviewers, so its plan allows that');
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
