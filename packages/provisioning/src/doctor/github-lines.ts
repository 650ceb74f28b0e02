import { compareSettings, type SettingDifference } from '../github/compare-settings.ts';
import type { ObservedRepository } from '../github/ports.ts';
import { type ComparedRepository, wantedRepositorySettings } from '../github/wanted-settings.ts';
import type { AgreedEnvironment } from './agreed-environment.ts';
import { judgeCalls } from './called-releases.ts';
import type { Means } from './examine.ts';
import { type Asked, faults, judged, ok, unknown, type Verdict, wrong } from './line.ts';
import { madeAgain } from './made-by-stacks.ts';
import type { GithubReader } from './ports.ts';

/** Each repository that delivers here, and the operations repository: environments, branches that deploy, rules, and the plan. */
export function githubLines(
  place: AgreedEnvironment,
  { github, repositories, newest }: Omit<Means, 'sight'> & { readonly github: GithubReader },
): readonly Asked[] {
  return comparedIn(place).flatMap((wanted) =>
    (repositories?.includes(wanted.repository) ?? true)
      ? linesOf(place, { github, newest }, wanted)
      : [notLookedAt(wanted)],
  );
}

function notLookedAt({ repository }: ComparedRepository): Asked {
  const seen = unknown(
    'it was not looked at, because the job was given no App that reads',
    'Set the variable READER_APP_ID and the secret READER_APP_KEY in the operations repository, as docs/provisioning.md says',
  );
  return { id: `github/${repository}`, about: `repository ${repository}`, verdict: Promise.resolve(seen) };
}

function comparedIn({ contract, name, environment }: AgreedEnvironment): readonly ComparedRepository[] {
  const delivers = ({ repository }: ComparedRepository) =>
    contract.repositories.some(
      (each) =>
        each.repository === repository && each.services.some((service) => service in environment.services),
    );
  const { repository, repositoryId: id } = contract.operations;
  const { approval, protection: deployment } = environment;
  return [
    ...wantedRepositorySettings(contract, name).filter(delivers),
    { repository, id, approval, deployment },
  ];
}

function linesOf(
  place: AgreedEnvironment,
  { github, newest }: Pick<Means, 'newest'> & { readonly github: GithubReader },
  wanted: ComparedRepository,
): readonly Asked[] {
  const { repository, approval, deployment, ruleset } = wanted;
  const found = github.observe(wanted);
  const line = (
    id: string,
    about: string,
    judge: (observed: ObservedRepository) => Verdict | Promise<Verdict>,
  ) => ({
    id: `github/${repository}${id}`,
    about,
    verdict: judged(found, (observed) => (observed === 'absent' ? UNSEEN : judge(observed))),
  });
  const compared =
    (of: SettingDifference['of'], page: string, good: string) => (observed: ObservedRepository) =>
      observed.id === wanted.id
        ? judgeSettings(place, wanted, compareSettings(wanted, observed), { of, page, good })
        : ok('it is another repository, as its own line says');
  const environments = 'settings/environments';
  return [
    line('', `repository ${repository}`, ({ id }) => judgeNumber(wanted, id)),
    line(
      `/${approval.environment}`,
      `GitHub environment ${approval.environment} of ${repository}`,
      compared('approval', environments, AGREED),
    ),
    line(
      `/${deployment.environment}`,
      `GitHub environment ${deployment.environment} of ${repository}`,
      compared('deployment', environments, AGREED),
    ),
    ...(ruleset
      ? [
          line('/ruleset', `rules for ${ruleset.branches.join(', ')} of ${repository}`, (observed) =>
            compared('ruleset', 'settings/rules', sayBypass(observed))(observed),
          ),
        ]
      : []),
    line('/releases', `releases that ${repository} calls`, () =>
      judged(Promise.all([github.workflows(repository), newest]), ([files, tag]) =>
        judgeCalls(place, files, tag),
      ),
    ),
    line('/plan', `GitHub plan of ${repository}`, (observed) => judgePlan(github, repository, observed)),
  ];
}

const AGREED = 'as in the contract';

/** GitHub shows who may bypass a ruleset only to those who may change it. */
function sayBypass({ ruleset }: ObservedRepository): string {
  return ruleset !== 'absent' && ruleset.bypass === 'nobody'
    ? AGREED
    : `${AGREED}, as far as this token shows them: who may bypass them it does not see`;
}

const UNSEEN = unknown(
  'this token sees no such repository',
  'Set GITHUB_TOKEN to a token that may read it, or correct its name in the contract',
);

function judgeNumber({ repository, id: agreed }: ComparedRepository, id: number): Verdict {
  if (id === agreed) return ok(`number ${id}`);
  return wrong(
    `it has the number ${id}, and ${agreed} is agreed: another repository has this name now`,
    `Ask its owner, then correct repository and repositoryId in the contract: gh api repos/${repository} --jq .id`,
  );
}

interface Setting {
  readonly of: SettingDifference['of'];
  /** Of the repository's settings at GitHub. */
  readonly page: string;
  readonly good: string;
}

function judgeSettings(
  place: AgreedEnvironment,
  { repository, ruleset }: ComparedRepository,
  differences: readonly SettingDifference[],
  { of, page, good }: Setting,
): Verdict {
  const byHand = `https://github.com/${repository}/${page}: set what differs, as the contract says`;
  const { githubApp, network } = place.environment;
  const byApp = ruleset !== undefined && githubApp !== undefined && network !== undefined; // else nothing is provisioned
  return faults(
    differences
      .filter((each) => each.of === of)
      .map((each) => ({
        fault: each.says,
        mend: byApp && !each.byHand ? madeAgain(place, 'foundation') : byHand,
      })),
    good,
  );
}

/** "Managing environments for deployment", GitHub Docs: required reviewers in private repositories are of GitHub Enterprise. */
async function judgePlan(
  github: GithubReader,
  repository: string,
  { visibility, approval }: ObservedRepository,
): Promise<Verdict> {
  if (visibility === 'public') return ok('a public repository may require reviewers under every plan');
  if (approval !== 'absent' && approval.reviewers.kind === 'required')
    return ok('it requires reviewers, so its plan allows that');
  return judged(github.plan(repository), (plan) => {
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
  });
}
