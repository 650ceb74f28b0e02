import type {
  BranchRules,
  EnvironmentWish,
  ObservedRepository,
  ObservedRuleset,
  RepositorySettings,
  SettingsReader,
} from '@tenant-delivery/provisioning/github/ports';
import type { ComparedRepository, WantedRuleset } from '@tenant-delivery/provisioning/github/wanted-settings';
import * as v from 'valibot';
import { environments } from '../actions/environments.ts';
import { type Changed, changed, confirmed, everyItem, orAbsent } from '../session/answers.ts';
import type { GithubClient } from '../session/github-client.ts';
import { parametersOf } from '../session/repository.ts';
import { sentOf } from './sent-of.ts';
import { setEnvironment } from './set-environment.ts';

const repositoryAnswer = v.object({
  id: v.number(),
  visibility: v.picklist(['public', 'private', 'internal']),
});
const rulesetListed = v.object({ id: v.number(), name: v.string(), source_type: v.string() });
const rulesetAnswer = v.object({
  enforcement: v.string(),
  bypass_actors: v.optional(v.array(v.unknown())),
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

async function ownRuleset(
  { paginate, rest: { repos } }: GithubClient,
  repository: string,
  name: string,
): Promise<ObservedRuleset | 'absent'> {
  const where = parametersOf(repository);
  const all = await everyItem(
    rulesetListed,
    paginate.iterator(repos.getRepoRulesets, { ...where, includes_parents: false, per_page: 100 }),
  );
  const own = all.find((each) => each.name === name && each.source_type === 'Repository');
  if (!own) return 'absent';
  const answer = await repos.getRepoRuleset({ ...where, ruleset_id: own.id });
  const { enforcement, bypass_actors: actors } = confirmed(rulesetAnswer, answer);
  const bypass = actors === undefined ? 'unseen' : actors.length > 0 ? 'somebody' : 'nobody';
  return { id: own.id, active: enforcement === 'active', bypass };
}

function putRuleset(
  { rest: { repos } }: GithubClient,
  repository: string,
  { name, branches, checks }: WantedRuleset,
  known: number | undefined,
): Promise<Changed> {
  const include = branches.map((branch) => `refs/heads/${branch}`);
  const ruleset = {
    ...parametersOf(repository),
    name,
    target: 'branch' as const,
    enforcement: 'active' as const,
    bypass_actors: [],
    conditions: { ref_name: { include, exclude: [] } },
    rules: [
      { type: 'deletion' as const },
      { type: 'non_fast_forward' as const },
      ...(checks.length > 0
        ? [
            {
              type: 'required_status_checks' as const,
              parameters: {
                required_status_checks: checks.map((context) => ({ context })),
                strict_required_status_checks_policy: false,
              },
            },
          ]
        : []),
    ],
  };
  return changed(
    known === undefined
      ? repos.createRepoRuleset(ruleset)
      : repos.updateRepoRuleset({ ...ruleset, ruleset_id: known }),
  );
}
