import type { ObservedRuleset } from '@tenant-delivery/provisioning/github/ports';
import { OWN_RULES, refsOf } from '@tenant-delivery/provisioning/github/setting-changes';
import type { WantedRuleset } from '@tenant-delivery/provisioning/github/wanted-settings';
import * as v from 'valibot';
import { type Changed, changed, confirmed, everyItem } from '../session/answers.ts';
import type { GithubClient } from '../session/github-client.ts';
import { parametersOf } from '../session/repository.ts';

const CHECKS = 'required_status_checks';

const rulesetListed = v.object({ id: v.number(), name: v.string(), source_type: v.string() });
const checksOf = v.looseObject({
  required_status_checks: v.array(v.looseObject({ context: v.string() })),
  strict_required_status_checks_policy: v.boolean(),
});
const rulesetAnswer = v.object({
  enforcement: v.string(),
  bypass_actors: v.optional(v.array(v.unknown())),
  conditions: v.object({
    ref_name: v.object({ include: v.array(v.string()), exclude: v.array(v.string()) }),
  }),
  rules: v.array(v.looseObject({ type: v.string(), parameters: v.optional(v.unknown()) })),
});
type Answer = v.InferOutput<typeof rulesetAnswer>;

/** Our ruleset of a repository, by its name. */
export async function ownRuleset(
  github: GithubClient,
  repository: string,
  name: string,
): Promise<ObservedRuleset | 'absent'> {
  const { paginate, rest } = github;
  const where = { ...parametersOf(repository), includes_parents: false, per_page: 100 };
  const all = await everyItem(rulesetListed, paginate.iterator(rest.repos.getRepoRulesets, where));
  const own = all.find((each) => each.name === name && each.source_type === 'Repository');
  if (!own) return 'absent';
  const found = await read(github, repository, own.id);
  const { enforcement, bypass_actors: actors, conditions, rules } = found;
  const checks = checksIn(found);
  return {
    id: own.id,
    active: enforcement === 'active',
    bypass: actors === undefined ? 'unseen' : actors.length > 0 ? 'somebody' : 'nobody',
    ...conditions.ref_name,
    rules: rules.map(({ type }) => type),
    checks: (checks?.required_status_checks ?? []).map(({ context }) => context),
    upToDate: checks?.strict_required_status_checks_policy ?? false,
  };
}

/** GitHub's route sets all of a ruleset, so what others added is read and sent again. The result is never looser than before. */
export async function putRuleset(
  github: GithubClient,
  repository: string,
  wanted: WantedRuleset,
  known: number | undefined,
): Promise<Changed> {
  const found = known === undefined ? undefined : await read(github, repository, known);
  const kept = found?.conditions.ref_name.include ?? [];
  const ruleset = {
    ...parametersOf(repository),
    name: wanted.name,
    target: 'branch' as const,
    enforcement: 'active' as const,
    bypass_actors: [],
    conditions: { ref_name: { include: [...new Set([...kept, ...refsOf(wanted)])], exclude: [] } },
    rules: rulesOf(wanted, found) as Rules, // rules of others are sent as GitHub gave them
  };
  const { repos } = github.rest;
  return changed(
    known === undefined
      ? repos.createRepoRuleset(ruleset)
      : repos.updateRepoRuleset({ ...ruleset, ruleset_id: known }),
  );
}

type Asked = NonNullable<Parameters<GithubClient['rest']['repos']['createRepoRuleset']>[0]>;
type Rules = NonNullable<Asked['rules']>;

function rulesOf({ checks }: WantedRuleset, found: Answer | undefined): readonly object[] {
  const there = found?.rules ?? [];
  const known = found && checksIn(found);
  const before = known?.required_status_checks ?? [];
  const lacking = checks.filter((check) => !before.some(({ context }) => context === check));
  const required = [...before, ...lacking.map((context) => ({ context }))];
  const parameters = {
    strict_required_status_checks_policy: false,
    ...known,
    required_status_checks: required,
  };
  return [
    ...there.filter(({ type }) => type !== CHECKS),
    ...OWN_RULES.filter((type) => !there.some((rule) => rule.type === type)).map((type) => ({ type })),
    ...(required.length > 0 ? [{ type: CHECKS, parameters }] : []),
  ];
}

function checksIn({ rules }: Answer): v.InferOutput<typeof checksOf> | undefined {
  const rule = rules.find(({ type }) => type === CHECKS);
  return rule && v.parse(checksOf, rule.parameters);
}

async function read({ rest }: GithubClient, repository: string, id: number): Promise<Answer> {
  const asked = { ...parametersOf(repository), ruleset_id: id };
  return confirmed(rulesetAnswer, await rest.repos.getRepoRuleset(asked));
}
