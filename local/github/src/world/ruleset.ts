import { matchesPattern } from './ref-pattern.ts';
import { releaseOf } from './release.ts';
import type { Repository } from './repository.ts';

/** Rules for refs that nobody bypasses (GitHub, "Available rules for rulesets"). */
export interface Ruleset {
  /** Full refs with patterns: `refs/tags/v*.*.*`. */
  readonly include: readonly string[];
  readonly rules: readonly RefRule[];
}

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
  const ruled = repository.rulesets.some(
    ({ include, rules }) =>
      include.some((pattern) => matchesPattern(pattern, ref)) && rules.some((rule) => broken.includes(rule)),
  );
  if (ruled) return `Repository rule violations found\n\nCannot ${DEED[change]} this protected ref.\n\n`;
  const tag = ref.startsWith('refs/tags/') ? ref.slice('refs/tags/'.length) : undefined;
  // GitHub, "Immutable releases": the tag cannot be moved, nor deleted while the release exists
  if (change !== 'make' && tag !== undefined && releaseOf(repository, tag)?.immutable)
    return `Cannot ${DEED[change]} the tag of an immutable release.`;
  return undefined;
}

const DEED = { make: 'create', move: 'update', force: 'force-push to', delete: 'delete' } as const;
