import { appAllows } from '../../world/permissions.ts';
import { roleOf } from '../../world/repository.ts';
import {
  type BypassActor,
  ENFORCEMENTS,
  type MadeRuleset,
  type RefRule,
  type RequiredCheck,
  type Ruleset,
  rulesetsFor,
} from '../../world/ruleset.ts';
import { bodyOf } from '../body.ts';
import { ok, type Reply, type RepositoryCall, type Route } from '../call.ts';
import { ApiError, notFound, validationFailed } from '../errors.ts';
import { page } from '../page.ts';
import { read, write } from '../routes.ts';
import { showRules, showRuleset, showRulesetBriefly } from '../show/ruleset.ts';

const REF_RULES: readonly RefRule[] = ['creation', 'update', 'deletion', 'non_fast_forward'];

/** Rulesets of a repository, and the rules that hold for a branch. */
export const rulesets: readonly Route[] = [
  read(['metadata'], '/rulesets', (call) => {
    const made = paid(call).repository.rulesets.flatMap((each) => each.made ?? []);
    return page(call, made, (some) =>
      some.map((each) => showRulesetBriefly(call.world, call.repository, each)),
    );
  }),
  write('POST', ['administration'], '/rulesets', make, 'admin'),
  read(['metadata'], '/rulesets/{ruleset_id}', (call) =>
    ok(showRuleset(call.world, call.repository, rulesetIn(paid(call)), mayChange(call))),
  ),
  write('PUT', ['administration'], '/rulesets/{ruleset_id}', replace, 'admin'),
  read(['metadata'], '/rules/branches/{branch...}', (call) => {
    const { repository, parameters } = paid(call);
    const rules = rulesetsFor(repository, `refs/heads/${parameters['branch']}`).flatMap((ruleset) =>
      showRules(ruleset).map((rule) => ({
        ...rule,
        ruleset_source_type: 'Repository',
        ruleset_source: repository.fullName,
        ruleset_id: ruleset.made?.id ?? 0,
      })),
    );
    return page(call, rules);
  }),
];

/** "About rulesets": of a private repository they come with GitHub Team and Enterprise. */
function paid(call: RepositoryCall): RepositoryCall {
  const { visibility, owner } = call.repository;
  if (visibility !== 'public' && owner.plan === 'free')
    throw new ApiError(403, 'Upgrade to GitHub Pro or make this repository public to enable this feature.');
  return call;
}

function mayChange({ principal, repository }: RepositoryCall): boolean {
  if (principal?.kind === 'user') return roleOf(repository, principal.user) === 'admin';
  return principal?.kind === 'installation' && appAllows(principal.permissions, 'administration', 'write');
}

function rulesetIn({ repository, parameters }: RepositoryCall) {
  const ruleset = repository.rulesets.find(({ made }) => made?.id === Number(parameters['ruleset_id']));
  if (!ruleset?.made) throw notFound();
  return { ruleset, made: ruleset.made };
}

function make(call: RepositoryCall): Reply {
  const { world, repository } = paid(call);
  const now = world.clock.now();
  const ruleset = rulesetOf(call, { id: world.nextId(), createdAt: now, updatedAt: now });
  repository.rulesets.push(ruleset);
  return ok(shown(call, ruleset), 201);
}

function replace(call: RepositoryCall): Reply {
  const { world, repository } = paid(call);
  const { ruleset: before, made } = rulesetIn(call);
  const { id, createdAt } = made;
  const ruleset = rulesetOf(call, { id, createdAt, updatedAt: world.clock.now() });
  repository.rulesets.splice(repository.rulesets.indexOf(before), 1, ruleset);
  return ok(shown(call, ruleset));
}

function shown(call: RepositoryCall, ruleset: Ruleset): unknown {
  if (!ruleset.made) throw new TypeError('the API has made it');
  return showRuleset(call.world, call.repository, { ruleset, made: ruleset.made }, true);
}

type Dates = Pick<MadeRuleset, 'id' | 'createdAt' | 'updatedAt'>;

function rulesetOf(call: RepositoryCall, dates: Dates): Ruleset {
  const body = bodyOf(call, 'RepositoryRuleset');
  const name = body.text('name');
  if (call.repository.rulesets.some(({ made }) => made?.name === name && made.id !== dates.id))
    throw invalid('Name must be unique');
  const given = listIn(call.body['rules'], 'rules');
  const checks = given.flatMap(({ type, parameters }) =>
    type === 'required_status_checks' ? checksIn(parameters) : [],
  );
  return {
    include: refsIn(call.body['conditions'], 'include'),
    exclude: refsIn(call.body['conditions'], 'exclude'),
    rules: given.flatMap(({ type }) => ruleIn(type)),
    made: {
      ...dates,
      name,
      target: body.optionalOneOf('target', ['branch', 'tag']) ?? 'branch',
      enforcement: body.oneOf('enforcement', ENFORCEMENTS),
      bypass: listIn(call.body['bypass_actors'], 'bypass_actors').map(actorIn),
      checks,
      strict: given.some(({ parameters }) => isStrict(parameters)),
    },
  };
}

function ruleIn(type: unknown): readonly RefRule[] {
  if (type === 'required_status_checks') return [];
  const known = REF_RULES.find((each) => each === type);
  if (!known) throw invalid(`local-github knows no rule ${String(type)}.`);
  return [known];
}

function checksIn(parameters: unknown): readonly RequiredCheck[] {
  const { required_status_checks: checks, strict_required_status_checks_policy: strict } = Object(
    parameters,
  ) as { readonly [name: string]: unknown }; // each member is looked at
  if (typeof strict !== 'boolean') throw invalid('strict_required_status_checks_policy is missing.');
  return listIn(checks, 'required_status_checks').map(({ context, integration_id: integration }) => {
    if (typeof context !== 'string') throw invalid('a required status check has no context.');
    return { context, ...(typeof integration === 'number' && { integration_id: integration }) };
  });
}

const isStrict = (parameters: unknown): boolean =>
  Reflect.get(Object(parameters), 'strict_required_status_checks_policy') === true;

function actorIn(given: Readonly<Record<string, unknown>>): BypassActor {
  const { actor_id: id, actor_type: type, bypass_mode: mode } = given;
  if (typeof type !== 'string') throw invalid('a bypass actor has no actor_type.');
  return {
    actor_id: typeof id === 'number' ? id : null,
    actor_type: type,
    bypass_mode: typeof mode === 'string' ? mode : 'always',
  };
}

function refsIn(conditions: unknown, which: 'include' | 'exclude'): readonly string[] {
  const { ref_name: refs } = Object(conditions) as { readonly ref_name?: unknown }; // looked at below
  const found: unknown = Reflect.get(Object(refs), which);
  if (!Array.isArray(found) || !found.every((each) => typeof each === 'string'))
    throw invalid(`conditions.ref_name.${which} is not a list of refs.`);
  return found;
}

function listIn(given: unknown, field: string): readonly Readonly<Record<string, unknown>>[] {
  if (given === undefined) return [];
  if (!Array.isArray(given) || !given.every((each) => typeof each === 'object' && each !== null))
    throw invalid(`${field} is not a list of objects.`);
  return given;
}

function invalid(message: string) {
  return validationFailed({ resource: 'RepositoryRuleset', field: 'rules', code: 'invalid', message });
}
