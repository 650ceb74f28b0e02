import type { WeightedGroup } from './state.ts';

/**
 * Chooses a target group for each request, so that each gets its share of them, evenly spread (smooth weighted round
 * robin): of a hundred requests with weights 95 and 5, five go to the second, never all at once.
 */
export function turns(): (rule: string, groups: readonly WeightedGroup[]) => string | undefined {
  const known = new Map<string, { weights: string; credit: Map<string, number> }>();
  return (rule, groups) => {
    const weights = JSON.stringify(groups);
    const before = known.get(rule);
    const { credit } = before?.weights === weights ? before : { credit: new Map<string, number>() };
    known.set(rule, { weights, credit });
    const sharing = groups.filter(({ weight }) => weight > 0);
    for (const { targetGroupArn, weight } of sharing) {
      credit.set(targetGroupArn, (credit.get(targetGroupArn) ?? 0) + weight);
    }
    const richest = [...credit].sort(([, a], [, b]) => b - a)[0];
    if (!richest) return undefined;
    const [chosen, owned] = richest;
    credit.set(chosen, owned - sharing.reduce((sum, { weight }) => sum + weight, 0));
    return chosen;
  };
}
