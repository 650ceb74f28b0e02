import { withinQuota } from '../world/quotas.ts';
import type { World } from '../world/world.ts';
import type { HealthCheckRule, Listener, ListenerRule, TargetGroup } from './state.ts';
import { balancerRegions, balancerStore, countedRules, elbArn, elbId, forwardsTo } from './store.ts';

export interface BalancerSeed {
  readonly name: string;
  readonly scheme: 'internal' | 'internet-facing';
  readonly vpcId: string;
  readonly subnets: readonly { readonly id: string; readonly zone: string }[];
  readonly securityGroups: readonly string[];
  readonly listenerPort: number;
  readonly tags?: Readonly<Record<string, string>>;
}

/** A load balancer with one HTTP listener that answers 404 until a target group takes its traffic. */
export function seedBalancer(
  world: World,
  account: string,
  region: string,
  seed: BalancerSeed,
): { readonly arn: string; readonly listenerArn: string } {
  const id = elbId(account, region, seed.name);
  const listenerId = elbId(account, region, seed.name, seed.listenerPort);
  const path = `app/${seed.name}/${id}`;
  const arn = elbArn(account, region, `loadbalancer/${path}`);
  const listenerArn = elbArn(account, region, `listener/${path}/${listenerId}`);
  const defaultRule: ListenerRule = {
    arn: elbArn(account, region, `listener-rule/${path}/${listenerId}/${elbId(listenerId, 'default')}`),
    priority: 'default',
    conditions: [],
    action: { kind: 'fixed-response', status: 404, body: '' },
  };
  const prefix = seed.scheme === 'internal' ? 'internal-' : '';
  const { balancers } = balancerStore(world, account, region);
  if (!balancers[arn]) withinQuota({ world, account, region }, 'balancers', Object.keys(balancers).length);
  balancers[arn] ??= {
    arn,
    name: seed.name,
    dnsName: `${prefix}${seed.name}-${Number.parseInt(id.slice(0, 8), 16)}.${region}.elb.amazonaws.com`,
    scheme: seed.scheme,
    vpcId: seed.vpcId,
    createdAt: world.clock.now(),
    zones: seed.subnets.map((subnet) => ({ zone: subnet.zone, subnetId: subnet.id })),
    securityGroups: seed.securityGroups,
    ...(seed.tags && { tags: seed.tags }),
    listeners: [{ arn: listenerArn, port: seed.listenerPort, rules: [defaultRule] }],
  };
  balancerRegions(world, account)[seed.name] = region;
  world.touched();
  return { arn, listenerArn };
}

export interface TargetGroupSeed {
  readonly name: string;
  readonly port: number;
  readonly vpcId: string;
  readonly healthCheck: Partial<HealthCheckRule>;
  readonly deregistrationDelaySeconds?: number;
  /** The balancer that sends to it. Without one its targets stay unused. */
  readonly balancer?: string;
  /** Which requests: all that no other rule takes, or those whose path fits a pattern. */
  readonly rule?: 'default' | { readonly paths: readonly string[] };
  readonly tags?: Readonly<Record<string, string>>;
}

/** Between two seeded rules, so that a test rule fits before the one that it belongs to. */
const PRIORITY_STEP = 10;

const HEALTH_CHECK: HealthCheckRule = {
  path: '/',
  intervalSeconds: 10,
  timeoutSeconds: 5,
  healthyThreshold: 2,
  unhealthyThreshold: 2,
  matcher: '200',
};

export function seedTargetGroup(
  world: World,
  account: string,
  region: string,
  seed: TargetGroupSeed,
): { readonly arn: string } {
  const store = balancerStore(world, account, region);
  const arn = elbArn(account, region, `targetgroup/${seed.name}/${elbId(account, region, seed.name)}`);
  if (!store.targetGroups[arn])
    withinQuota({ world, account, region }, 'targetGroups', Object.keys(store.targetGroups).length);
  store.targetGroups[arn] ??= {
    arn,
    name: seed.name,
    port: seed.port,
    vpcId: seed.vpcId,
    createdAt: world.clock.now(),
    healthCheck: { ...HEALTH_CHECK, ...seed.healthCheck },
    deregistrationDelaySeconds: seed.deregistrationDelaySeconds ?? 30,
    ...(seed.tags && { tags: seed.tags }),
    targets: [],
  };
  const balancer = Object.values(store.balancers).find((one) => one.name === seed.balancer);
  const [listener] = balancer?.listeners ?? [];
  if (seed.balancer !== undefined && !listener)
    throw new Error(`no load balancer "${seed.balancer}" to send to ${seed.name}`);
  if (listener && seed.rule !== undefined && seed.rule !== 'default')
    withinQuota({ world, account, region }, 'listenerRules', countedRules(store, listener).length);
  if (listener) addRule(listener, arn, seed.rule ?? 'default');
  world.touched();
  return { arn };
}

function addRule(
  listener: { readonly arn: string; readonly rules: ListenerRule[] },
  targetGroupArn: string,
  rule: 'default' | { readonly paths: readonly string[] },
): void {
  const action = { kind: 'forward', groups: [{ targetGroupArn, weight: 1 }] } as const;
  const others = listener.rules.filter((one) => one.priority !== 'default');
  const last = listener.rules.find((one) => one.priority === 'default');
  if (!last || listener.rules.some((one) => forwardsTo(one.action, targetGroupArn))) return;
  if (rule === 'default') {
    listener.rules.splice(0, Number.POSITIVE_INFINITY, ...others, { ...last, action });
    return;
  }
  const priority = (others.length + 1) * PRIORITY_STEP;
  const added: ListenerRule = {
    arn: `${listener.arn.replace(':listener/', ':listener-rule/')}/${elbId(listener.arn, priority)}`,
    priority,
    conditions: [{ field: 'path-pattern', values: rule.paths }],
    action,
  };
  listener.rules.splice(0, Number.POSITIVE_INFINITY, ...others, added, last);
}

export interface AlternateSeed {
  /** The target group that serves now. */
  readonly of: string;
  /** Name of the one beside it. */
  readonly name: string;
  /** Host header of test traffic; without one there is no test rule. */
  readonly testHost?: string;
}

/**
 * What blue/green needs at the load balancer ("Application Load Balancer resources for blue/green, linear, and canary
 * deployments"): a second target group in the same rule without a share, and a rule for test traffic.
 */
export function seedAlternate(
  world: World,
  account: string,
  region: string,
  seed: AlternateSeed,
): { readonly arn: string; readonly productionRule: string; readonly testRule: string | undefined } {
  const store = balancerStore(world, account, region);
  const first = store.targetGroups[seed.of];
  const listeners = Object.values(store.balancers).flatMap((balancer) => balancer.listeners);
  const listener = listeners.find(({ rules }) => rules.some(({ action }) => forwardsTo(action, seed.of)));
  const production = listener?.rules.find(({ action }) => forwardsTo(action, seed.of));
  if (!first || !listener || !production) throw new Error(`no rule sends to ${seed.of}`);
  const arn = elbArn(account, region, `targetgroup/${seed.name}/${elbId(account, region, seed.name)}`);
  store.targetGroups[arn] ??= { ...first, arn, name: seed.name, createdAt: world.clock.now(), targets: [] };
  if (!forwardsTo(production.action, arn)) production.action = both(first, arn);
  const test = seed.testHost === undefined ? undefined : testRule(listener, production, seed.testHost);
  world.touched();
  return { arn, productionRule: production.arn, testRule: test?.arn };
}

function both(first: TargetGroup, arn: string): ListenerRule['action'] {
  const groups = [
    { targetGroupArn: first.arn, weight: 100 },
    { targetGroupArn: arn, weight: 0 },
  ];
  return { kind: 'forward', groups };
}

function testRule(listener: Listener, production: ListenerRule, host: string): ListenerRule {
  const place = listener.rules.indexOf(production);
  const before = listener.rules[place - 1];
  if (before?.conditions.some(({ field, values }) => field === 'host-header' && values.includes(host))) {
    return before;
  }
  const next =
    production.priority === 'default' ? listener.rules.length * PRIORITY_STEP : production.priority;
  const priority = next - PRIORITY_STEP / 2;
  const rule: ListenerRule = {
    arn: `${listener.arn.replace(':listener/', ':listener-rule/')}/${elbId(listener.arn, priority)}`,
    priority,
    conditions: [{ field: 'host-header', values: [host] }],
    action: production.action,
  };
  listener.rules.splice(place, 0, rule);
  return rule;
}
