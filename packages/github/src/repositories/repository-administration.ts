import type {
  BranchRules,
  EnvironmentWish,
  ObservedRepository,
  RepositorySettings,
  SettingsReader,
} from '@tenant-delivery/provisioning/github/ports';
import type { ComparedRepository } from '@tenant-delivery/provisioning/github/wanted-settings';
import * as v from 'valibot';
import { environments } from '../actions/environments.ts';
import { confirmed, everyItem, orAbsent } from '../session/answers.ts';
import type { GithubClient } from '../session/github-client.ts';
import { parametersOf } from '../session/repository.ts';
import { ownRuleset, putRuleset } from './own-ruleset.ts';
import { sentOf } from './sent-of.ts';
import { setEnvironment } from './set-environment.ts';

const repositoryAnswer = v.object({
  id: v.number(),
  visibility: v.picklist(['public', 'private', 'internal']),
});
const ruleAnswer = v.object({
  type: v.string(),
  parameters: v.optional(
    v.looseObject({ required_status_checks: v.optional(v.array(v.object({ context: v.string() }))) }),
  ),
});

/** Needs `actions: read` and `metadata: read`. Who may bypass a ruleset is seen with `administration: write` alone. */
export function settingsReader(github: GithubClient): SettingsReader {
  return { observe: (wanted) => observe(github, wanted) };
}

/** Needs `administration: write` beside it: an App that is installed in the repository, never a job's token. */
export function repositoryAdministration(github: GithubClient): RepositorySettings {
  return {
    ...settingsReader(github),
    setEnvironment: (repository: string, wish: EnvironmentWish) => setEnvironment(github, repository, wish),
    setRuleset: async (repository, ruleset, known) =>
      sentOf(await putRuleset(github, repository, ruleset, known)),
  };
}

async function observe(
  github: GithubClient,
  { repository, approval, deployment, ruleset }: ComparedRepository,
): Promise<ObservedRepository | 'absent'> {
  const where = parametersOf(repository);
  const found = await orAbsent(github.rest.repos.get(where));
  if (found === 'absent') return 'absent';
  const { protectionOf } = environments(github);
  const [approving, deploying, rules, own] = await Promise.all([
    protectionOf(repository, approval.environment),
    protectionOf(repository, deployment.environment),
    rulesOf(github, repository, ruleset?.branches ?? []),
    ruleset ? ownRuleset(github, repository, ruleset.name) : ('absent' as const),
  ]);
  return {
    ...confirmed(repositoryAnswer, found),
    approval: approving,
    deployment: deploying,
    rules,
    ruleset: own,
  };
}

/** Of a pattern, the rules for one branch that it takes in: GitHub answers for branches that are not there too. */
async function rulesOf(
  { paginate, rest: { repos } }: GithubClient,
  repository: string,
  branches: readonly string[],
): Promise<Readonly<Record<string, BranchRules>>> {
  const each = branches.map(async (branch) => {
    const where = { ...parametersOf(repository), branch: branch.replaceAll('*', 'any'), per_page: 100 };
    const rules = await everyItem(ruleAnswer, paginate.iterator(repos.getBranchRules, where));
    const has = (type: string) => (rules.some((rule) => rule.type === type) ? 'refused' : 'allowed');
    const checks = rules.flatMap(({ parameters }) => parameters?.required_status_checks ?? []);
    return [
      branch,
      {
        deletion: has('deletion'),
        forcePush: has('non_fast_forward'),
        checks: [...new Set(checks.map(({ context }) => context))].sort(),
      },
    ] as const;
  });
  return Object.fromEntries(await Promise.all(each));
}
