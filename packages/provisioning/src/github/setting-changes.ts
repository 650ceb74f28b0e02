import type { EnvironmentProtection } from '@tenant-delivery/tenancy/environment-protection';
import type { SettingDifference } from './compare-settings.ts';
import type { ObservedRepository, ObservedRuleset } from './ports.ts';
import { reviewersOf, type WantedRepository, type WantedRuleset } from './wanted-settings.ts';

/** One thing that setting an environment or a ruleset changes. GitHub's routes set each as a whole. */
export interface SettingChange {
  /** `/branches/main`: of one thing alone, so that what is left after a crash is a part of it. */
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

type Settable = Exclude<SettingDifference['of'], 'repository'>;

/** Everything that setting it would change now, also what it takes away. */
export function settingChanges(
  of: Settable,
  { approval, deployment, ruleset }: WantedRepository,
  observed: ObservedRepository,
): readonly SettingChange[] {
  switch (of) {
    case 'approval': {
      const asked = reviewersOf(approval);
      return asked === 'too-many' ? [] : reviewerChanges(asked, observed.approval);
    }
    case 'deployment':
      return branchChanges(deployment.branches, observed.deployment);
    case 'ruleset':
      return observed.ruleset === 'absent'
        ? [made('the ruleset', ruleset.name), ...rulesetChanges(ruleset, NOTHING)]
        : rulesetChanges(ruleset, observed.ruleset);
  }
}

/** What others added to our ruleset that makes it stricter. It stays: rules of GitHub only restrict. */
export function keptAdditions(
  { ruleset }: WantedRepository,
  { ruleset: found }: Pick<ObservedRepository, 'ruleset'>,
): readonly string[] {
  if (found === 'absent') return [];
  const without = (list: readonly string[], own: readonly string[]) =>
    list.filter((each) => !own.includes(each));
  return [
    ...without(found.rules, [...OWN_RULES, CHECKS]).map((rule) => `the rule ${rule}`),
    ...without(found.checks, ruleset.checks).map((check) => `the check ${check}`),
    ...without(found.include, refsOf(ruleset)).map((ref) => `the branches ${ref}`),
    ...(found.upToDate ? ['that a branch is up to date before it is merged'] : []),
  ];
}

/** The rules that we set beside checks. */
export const OWN_RULES = ['deletion', 'non_fast_forward'] as const;
const CHECKS = 'required_status_checks';
const NOTHING: Omit<ObservedRuleset, 'id'> = {
  ...{ active: true, bypass: 'nobody', include: [], exclude: [], rules: [], checks: [], upToDate: false },
};

export const refsOf = ({ branches }: WantedRuleset): readonly string[] =>
  branches.map((branch) => `refs/heads/${branch}`);

function rulesetChanges(wanted: WantedRuleset, found: Omit<ObservedRuleset, 'id'>): readonly SettingChange[] {
  return [
    ...(found.active ? [] : [{ path: '/enforcement', before: 'not active', after: 'active' }]),
    ...(found.bypass === 'somebody' ? [{ path: '/bypass_actors', before: 'somebody', after: null }] : []),
    ...added('/include', refsOf(wanted), found.include),
    ...found.exclude.map((ref) => ({ path: `/exclude/${ref}`, before: ref, after: null })),
    ...added('/rules', OWN_RULES, found.rules),
    ...added('/checks', wanted.checks, found.checks),
  ];
}

function reviewerChanges(
  asked: readonly number[],
  found: EnvironmentProtection | 'absent',
): readonly SettingChange[] {
  const reviewers = found === 'absent' ? ({ kind: 'none' } as const) : found.reviewers;
  const [people, teams, alone] =
    reviewers.kind === 'none'
      ? [[], [], false]
      : [reviewers.people, reviewers.teams, reviewers.preventSelfReview];
  const there = people.map(({ id }) => String(id));
  return [
    ...(found === 'absent' ? [made('the environment', 'new')] : []),
    ...added('/reviewers', asked.map(String), there),
    ...people
      .filter(({ id }) => !asked.includes(id))
      .map(({ id, login }) => ({ path: `/reviewers/${id}`, before: login, after: null })),
    ...teams.map((slug) => ({ path: `/reviewers/team ${slug}`, before: slug, after: null })),
    ...(alone ? [] : [{ path: '/prevent_self_review', before: 'false', after: 'true' }]),
  ];
}

function branchChanges(
  agreed: readonly string[],
  found: EnvironmentProtection | 'absent',
): readonly SettingChange[] {
  const rule = found === 'absent' ? ({ kind: 'any' } as const) : found.branches;
  const [branches, tags] = rule.kind === 'patterns' ? [rule.branches, rule.tags] : [[], []];
  const removed = (path: string, names: readonly string[]) =>
    names.map((name) => ({ path: `${path}/${name}`, before: name, after: null }));
  return [
    ...(found === 'absent' ? [made('the environment', 'new')] : []),
    ...(rule.kind === 'patterns' ? [] : [{ path: '/branch_policy', before: rule.kind, after: 'patterns' }]),
    ...added('/branches', agreed, branches),
    ...removed(
      '/branches',
      branches.filter((branch) => !agreed.includes(branch)),
    ),
    ...removed('/tags', tags),
  ];
}

const made = (path: string, after: string): SettingChange => ({ path, before: null, after });

function added(path: string, wanted: readonly string[], there: readonly string[]): readonly SettingChange[] {
  return wanted
    .filter((name) => !there.includes(name))
    .map((name) => ({ path: `${path}/${name}`, before: null, after: name }));
}
