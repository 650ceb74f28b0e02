import type { Repository } from '../../world/repository.ts';
import type { MadeRuleset, Ruleset } from '../../world/ruleset.ts';
import { timeOf, type World } from '../../world/world.ts';
import { nodeId } from './node-id.ts';
import { repositoryUrl } from './repository.ts';

/** A ruleset as lists have it. */
export function showRulesetBriefly(world: World, repository: Repository, made: MadeRuleset) {
  const { id, name, target, enforcement, createdAt, updatedAt } = made;
  return {
    id,
    name,
    target,
    source_type: 'Repository',
    source: repository.fullName,
    enforcement,
    node_id: nodeId('RepositoryRuleset', id),
    _links: {
      self: { href: `${repositoryUrl(world, repository)}/rulesets/${id}` },
      html: { href: `${world.url}/${repository.fullName}/rules/${id}` },
    },
    created_at: timeOf(world, createdAt),
    updated_at: timeOf(world, updatedAt),
  };
}

/** All of it. Who may bypass is shown to those who may change the ruleset. */
export function showRuleset(
  world: World,
  repository: Repository,
  { ruleset, made }: { readonly ruleset: Ruleset; readonly made: MadeRuleset },
  mayChange: boolean,
) {
  return {
    ...showRulesetBriefly(world, repository, made),
    conditions: { ref_name: { include: ruleset.include, exclude: ruleset.exclude ?? [] } },
    rules: showRules(ruleset),
    ...(mayChange ? { bypass_actors: made.bypass } : {}),
  };
}

export function showRules({ rules, made }: Ruleset): readonly Readonly<Record<string, unknown>>[] {
  const checks = made?.checks ?? [];
  return [
    ...rules.map((type) => ({ type })),
    ...(checks.length > 0
      ? [
          {
            type: 'required_status_checks',
            parameters: {
              required_status_checks: checks,
              strict_required_status_checks_policy: made?.strict ?? false,
              do_not_enforce_on_create: false,
            },
          },
        ]
      : []),
  ];
}
