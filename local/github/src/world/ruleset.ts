import { appIdOf } from './check-run.ts';
import { matchesPattern } from './ref-pattern.ts';
import { releaseOf } from './release.ts';
import type { Repository } from './repository.ts';

/** Rules for refs (GitHub, "Available rules for rulesets"). Here nobody bypasses them, even those who are named. */
export interface Ruleset {
  /** Full refs with patterns: `refs/tags/v*.*.*`; `~ALL` and `~DEFAULT_BRANCH` as GitHub has them. */
  readonly include: readonly string[];
  /** Refs of these that it leaves out. */
  readonly exclude?: readonly string[];
  readonly rules: readonly RefRule[];
  /** What the API gave it; one that a test pushes has none and is active. */
  readonly made?: MadeRuleset;
}

export interface MadeRuleset {
  readonly id: number;
  readonly name: string;
  readonly target: 'branch' | 'tag';
  readonly enforcement: (typeof ENFORCEMENTS)[number];
  readonly bypass: readonly BypassActor[];
  /** Checks that a commit needs before it gets into a branch. */
  readonly checks: readonly RequiredCheck[];
  /** A branch must be up to date before it is merged. */
  readonly strict: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface BypassActor {
  readonly actor_id: number | null;
  readonly actor_type: string;
  readonly bypass_mode: string;
}

export interface RequiredCheck {
  readonly context: string;
  readonly integration_id?: number;
}

export const ENFORCEMENTS = ['disabled', 'active', 'evaluate'] as const;

export type RefRule = 'creation' | 'update' | 'deletion' | 'non_fast_forward';

/** What somebody wants to do to a ref, by the rules that speak of it. */
export const CHANGES = {
  make: ['creation'],
  move: ['update'],
  force: ['update', 'non_fast_forward'],
  delete: ['deletion'],
} as const satisfies Readonly<Record<string, readonly RefRule[]>>;

/** Why a ref stays as it is: a rule, or an immutable release whose tag it is. Undefined when it may change. */
export function whyKept(
  repository: Repository,
  ref: string,
  change: keyof typeof CHANGES,
): string | undefined {
  const broken: readonly RefRule[] = CHANGES[change];
  const ruled = rulesetsFor(repository, ref).some(({ rules }) => rules.some((rule) => broken.includes(rule)));
  if (ruled) return `Repository rule violations found\n\nCannot ${DEED[change]} this protected ref.\n\n`;
  const tag = ref.startsWith('refs/tags/') ? ref.slice('refs/tags/'.length) : undefined;
  // GitHub, "Immutable releases": the tag cannot be moved, nor deleted while the release exists
  if (change !== 'make' && tag !== undefined && releaseOf(repository, tag)?.immutable)
    return `Cannot ${DEED[change]} the tag of an immutable release.`;
  return undefined;
}

/** The rulesets that hold for a ref. */
export function rulesetsFor(repository: Repository, ref: string): readonly Ruleset[] {
  const { defaultBranch, rulesets } = repository;
  const covers = (pattern: string) =>
    pattern === '~ALL' ||
    (pattern === '~DEFAULT_BRANCH' && ref === `refs/heads/${defaultBranch}`) ||
    matchesPattern(pattern, ref);
  return rulesets.filter(
    ({ include, exclude = [], made }) =>
      (made?.enforcement ?? 'active') === 'active' && include.some(covers) && !exclude.some(covers),
  );
}

/** The first check that a commit lacks before it may get into a branch. */
export function lackingCheck(repository: Repository, branch: string, sha: string): string | undefined {
  const passed = repository.checkRuns.filter(
    ({ headSha, conclusion }) =>
      headSha === sha && ['success', 'neutral', 'skipped'].includes(conclusion ?? ''),
  );
  return rulesetsFor(repository, `refs/heads/${branch}`)
    .flatMap(({ made }) => made?.checks ?? [])
    .find(({ context, integration_id: by }) => {
      const of = passed.filter((check) => by === undefined || appIdOf(check) === by);
      return !of.some(({ name }) => name === context);
    })?.context;
}

const DEED = { make: 'create', move: 'update', force: 'force-push to', delete: 'delete' } as const;
