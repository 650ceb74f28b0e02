import type { Draft } from './draft.ts';
import type { LoadBalancer, Revision, ServiceState, Traffic } from './state.ts';

/**
 * The target group of each load balancer that a revision's tasks go into. With two sides it is the one of the pair that
 * the revision which serves does not use; a rolling update stays where that one is.
 */
export function chooseGroups(
  loadBalancers: readonly LoadBalancer[],
  serving: Revision | undefined,
  twoSided: boolean,
): string[] {
  return loadBalancers.map(({ targetGroupArn, advancedConfiguration }) => {
    if (!advancedConfiguration) return targetGroupArn;
    const { alternateTargetGroupArn } = advancedConfiguration;
    const onAlternate = serving?.groups.includes(alternateTargetGroupArn) ?? false;
    const onFirst = serving?.groups.includes(targetGroupArn) ?? false;
    if (twoSided) return onFirst ? alternateTargetGroupArn : targetGroupArn;
    return onAlternate ? alternateTargetGroupArn : targetGroupArn;
  });
}

/** Says which revision gets how much of the traffic, in per cent, and moves the listener rules to it. */
export function shift(draft: Draft, kind: keyof Traffic, shares: Readonly<Record<string, number>>): void {
  const { service } = draft;
  const nothing = Object.fromEntries(Object.keys(service.traffic[kind]).map((revision) => [revision, 0]));
  service.traffic[kind] = { ...shares };
  for (const { rule, groups } of weightedRules(service, kind, { ...nothing, ...shares })) {
    draft.effects.push({ kind: 'shift', rule, groups });
  }
}

/** Weights are whole numbers: tenths of a per cent where a share has them. */
function weightedRules(
  { revisions }: ServiceState,
  kind: keyof Traffic,
  shares: Readonly<Record<string, number>>,
) {
  const factor = Object.values(shares).every(Number.isInteger) ? 1 : 10;
  const sharing = revisions.filter(({ id }) => shares[id] !== undefined);
  const pairs = sharing.flatMap(({ loadBalancers }) =>
    loadBalancers.flatMap((balancer) => {
      const { advancedConfiguration: pair } = balancer;
      const rule = kind === 'production' ? pair?.productionListenerRule : pair?.testListenerRule;
      return pair && rule !== undefined ? [{ rule, balancer, pair }] : [];
    }),
  );
  const byRule = new Map(pairs.map((one) => [one.rule, one]));
  return [...byRule.values()].map(({ rule, balancer, pair }) => ({
    rule,
    groups: [balancer.targetGroupArn, pair.alternateTargetGroupArn].map((targetGroupArn) => ({
      targetGroupArn,
      weight: sharing
        .filter(({ groups }) => groups.includes(targetGroupArn))
        .reduce((sum, { id }) => sum + Math.round((shares[id] ?? 0) * factor), 0),
    })),
  }));
}

/** Whether any listener rule is for test traffic alone. */
export function hasTestTraffic({ loadBalancers }: Revision): boolean {
  return loadBalancers.some(({ advancedConfiguration }) => advancedConfiguration?.testListenerRule);
}

/** The revision with most of the production traffic. */
export function heaviest({ traffic }: ServiceState): string | undefined {
  return Object.entries(traffic.production).sort(([, a], [, b]) => b - a)[0]?.[0];
}
