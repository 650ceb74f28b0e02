import type { TenantContract } from './contract.ts';
import { type Difference, differences } from './contract-differences.ts';
import { CONCERNED, type Concerned, SENTENCES } from './difference-sentences.ts';

export interface ExplainedChange {
  readonly concerns: readonly Concerned[];
  readonly sentence: string;
}

/** A sentence for each difference between two contracts. What has no sentence of its own is told by its path and both values. */
export function explainDifferences(
  before: TenantContract,
  after: TenantContract,
): readonly ExplainedChange[] {
  return differences(before, after).map((difference) => explained(difference));
}

function explained({ path, before, after }: Difference): ExplainedChange {
  for (const { path: pattern, concerns, says } of SENTENCES) {
    const stars = matched(pattern.split('.'), path);
    if (stars) return { concerns, sentence: says(stars, shown(before), shown(after)) };
  }
  const at = path.join('.');
  const from = shown(before);
  const to = shown(after);
  if (from === undefined) return { concerns: CONCERNED, sentence: `${at} is new: ${to}.` };
  if (to === undefined) return { concerns: CONCERNED, sentence: `${at} goes; it was ${from}.` };
  return { concerns: CONCERNED, sentence: `${at} is ${to} instead of ${from}.` };
}

/** What the stars of a pattern are in this path, or `undefined` when it is another one. */
function matched(pattern: readonly string[], path: readonly string[]): readonly string[] | undefined {
  if (pattern.length !== path.length) return undefined;
  if (!pattern.every((part, at) => part === '*' || part === path[at])) return undefined;
  return path.filter((_, at) => pattern[at] === '*');
}

function shown(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'object' || value === null) return String(value);
  if ('ports' in value && Array.isArray(value.ports)) return `port ${value.ports.join(', ')}`;
  return JSON.stringify(value);
}
