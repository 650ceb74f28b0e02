import type { World } from '../world/world.ts';
import type { HealthCheckRule, ListenerRule } from './state.ts';
import { balancerRegions, balancerStore, elbArn, elbId } from './store.ts';

export interface BalancerSeed {
  readonly name: string;
  readonly scheme: 'internal' | 'internet-facing';
  readonly vpcId: string;
  readonly subnets: readonly { readonly id: string; readonly zone: string }[];
  readonly securityGroups: readonly string[];
  readonly listenerPort: number;
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
  balancerStore(world, account, region).balancers[arn] ??= {
    arn,
    name: seed.name,
    dnsName: `${prefix}${seed.name}-${Number.parseInt(id.slice(0, 8), 16)}.${region}.elb.amazonaws.com`,
    scheme: seed.scheme,
    vpcId: seed.vpcId,
    createdAt: world.clock.now(),
    zones: seed.subnets.map((subnet) => ({ zone: subnet.zone, subnetId: subnet.id })),
    securityGroups: seed.securityGroups,
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
}

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
  store.targetGroups[arn] ??= {
    arn,
    name: seed.name,
    port: seed.port,
    vpcId: seed.vpcId,
    createdAt: world.clock.now(),
    healthCheck: { ...HEALTH_CHECK, ...seed.healthCheck },
    deregistrationDelaySeconds: seed.deregistrationDelaySeconds ?? 30,
    targets: [],
  };
  const balancer = Object.values(store.balancers).find((one) => one.name === seed.balancer);
  const [listener] = balancer?.listeners ?? [];
  if (seed.balancer !== undefined && !listener)
    throw new Error(`no load balancer "${seed.balancer}" to send to ${seed.name}`);
  if (listener) addRule(listener, arn, seed.rule ?? 'default');
  world.touched();
  return { arn };
}

function addRule(
  listener: { readonly arn: string; readonly rules: ListenerRule[] },
  targetGroupArn: string,
  rule: 'default' | { readonly paths: readonly string[] },
): void {
  const action = { kind: 'forward', targetGroupArn } as const;
  const others = listener.rules.filter((one) => one.priority !== 'default');
  const last = listener.rules.find((one) => one.priority === 'default');
  const taken = listener.rules.some(
    (one) => one.action.kind === 'forward' && one.action.targetGroupArn === targetGroupArn,
  );
  if (taken || !last) return;
  if (rule === 'default') {
    listener.rules.splice(0, Number.POSITIVE_INFINITY, ...others, { ...last, action });
    return;
  }
  const priority = others.length + 1;
  const added: ListenerRule = {
    arn: `${listener.arn.replace(':listener/', ':listener-rule/')}/${elbId(listener.arn, priority)}`,
    priority,
    conditions: [{ field: 'path-pattern', values: rule.paths }],
    action,
  };
  listener.rules.splice(0, Number.POSITIVE_INFINITY, ...others, added, last);
}
