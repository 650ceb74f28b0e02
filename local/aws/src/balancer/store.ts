import { createHash } from 'node:crypto';
import type { World } from '../world/world.ts';
import type {
  Balancer,
  BalancerStore,
  Listener,
  ListenerRule,
  RuleAction,
  Target,
  TargetGroup,
} from './state.ts';

export function balancerStore(world: World, account: string, region: string): BalancerStore {
  return world.state<BalancerStore>('elasticloadbalancing', account, region, () => ({
    balancers: {},
    targetGroups: {},
  }));
}

/** In which region a balancer of this name lives, for the sandbox's own address that has no region in it. */
export function balancerRegions(world: World, account: string): Record<string, string> {
  return world.state<Record<string, string>>('elasticloadbalancing-regions', account, '', () => ({}));
}

export function elbArn(account: string, region: string, resource: string): string {
  return `arn:aws:elasticloadbalancing:${region}:${account}:${resource}`;
}

/** The hexadecimal part of an ARN; the same names give the same ARN on every machine. */
export function elbId(...names: readonly (string | number)[]): string {
  return createHash('sha256').update(names.join('/')).digest('hex').slice(0, 16);
}

export function balancersUsing(store: BalancerStore, group: TargetGroup): readonly Balancer[] {
  return Object.values(store.balancers).filter((balancer) =>
    balancer.listeners.some((listener) => listener.rules.some(({ action }) => forwardsTo(action, group.arn))),
  );
}

/** A weight of 0 counts: targets that get no request are still checked. */
export function forwardsTo(action: RuleAction, targetGroupArn: string): boolean {
  return action.kind === 'forward' && action.groups.some((group) => group.targetGroupArn === targetGroupArn);
}

/** The rules that count towards the quota of a listener's balancer: all but the default ones. */
export function countedRules(store: BalancerStore, of: Pick<Listener, 'arn'>): readonly ListenerRule[] {
  const balancer = Object.values(store.balancers).find(({ listeners }) =>
    listeners.some(({ arn }) => arn === of.arn),
  );
  const all = (balancer?.listeners ?? []).flatMap(({ rules }) => rules);
  return all.filter(({ priority }) => priority !== 'default');
}

export function findRule(store: BalancerStore, arn: string): ListenerRule | undefined {
  return Object.values(store.balancers)
    .flatMap(({ listeners }) => listeners.flatMap(({ rules }) => rules))
    .find((rule) => rule.arn === arn);
}

/** Why a target gets no traffic and no checks, whatever it answers: nothing there will ever make it healthy. */
export function notInUse(store: BalancerStore, group: TargetGroup, target: Target): string | undefined {
  const users = balancersUsing(store, group);
  if (users.length === 0) {
    return 'Target group is not configured to receive traffic from the load balancer';
  }
  if (!users.some((balancer) => balancer.zones.some(({ zone }) => zone === target.zone))) {
    return 'Target is in an Availability Zone that is not enabled for the load balancer';
  }
  return undefined;
}
