import type {
  Action,
  DescribeListenersCommandInput,
  DescribeListenersCommandOutput,
  DescribeLoadBalancersCommandInput,
  DescribeLoadBalancersCommandOutput,
  DescribeRulesCommandInput,
  DescribeRulesCommandOutput,
  Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Output } from '../services/output.ts';
import { AwsError, type Call } from '../world/service.ts';
import { page } from './page.ts';
import type { Balancer, Listener, ListenerRule, RuleAction } from './state.ts';
import { balancerStore } from './store.ts';

export function describeLoadBalancers(
  input: DescribeLoadBalancersCommandInput,
  call: Call,
): Output<DescribeLoadBalancersCommandOutput> {
  const all = balancersOf(call);
  const { LoadBalancerArns: arns, Names: names } = input;
  const wanted = arns ?? names;
  const found = wanted?.map(
    (one) => all.find(({ arn, name }) => (arns ? arn === one : name === one)) ?? noBalancer(one),
  );
  const { items, next } = page(found ?? all, input);
  return {
    LoadBalancers: items.map((balancer) => ({
      LoadBalancerArn: balancer.arn,
      DNSName: balancer.dnsName,
      CanonicalHostedZoneId: 'Z32O12XQLNTSW2',
      CreatedTime: new Date(balancer.createdAt),
      LoadBalancerName: balancer.name,
      Scheme: balancer.scheme,
      VpcId: balancer.vpcId,
      State: { Code: 'active' },
      Type: 'application',
      AvailabilityZones: balancer.zones.map(({ zone, subnetId }) => ({
        ZoneName: zone,
        SubnetId: subnetId,
        LoadBalancerAddresses: [],
      })),
      SecurityGroups: [...balancer.securityGroups],
      IpAddressType: 'ipv4',
    })),
    ...next,
  };
}

export function describeListeners(
  input: DescribeListenersCommandInput,
  call: Call,
): Output<DescribeListenersCommandOutput> {
  const { LoadBalancerArn, ListenerArns } = input;
  if ((LoadBalancerArn === undefined) === (ListenerArns === undefined)) {
    throw new AwsError('ValidationError', 'Either LoadBalancerArn or ListenerArns must be specified.');
  }
  const all = balancersOf(call);
  const listeners = ListenerArns
    ? ListenerArns.map((arn) => listenerAt(all, arn))
    : (all.find(({ arn }) => arn === LoadBalancerArn) ?? noBalancer(LoadBalancerArn ?? '')).listeners;
  const { items, next } = page(listeners, input);
  return {
    Listeners: items.map((listener) => ({
      ListenerArn: listener.arn,
      LoadBalancerArn: all.find(({ listeners: own }) => own.includes(listener))?.arn,
      Port: listener.port,
      Protocol: 'HTTP',
      DefaultActions: listener.rules
        .filter(({ priority }) => priority === 'default')
        .map(({ action }) => describeAction(action)),
    })),
    ...next,
  };
}

export function describeRules(
  input: DescribeRulesCommandInput,
  call: Call,
): Output<DescribeRulesCommandOutput> {
  const { ListenerArn, RuleArns } = input;
  if ((ListenerArn === undefined) === (RuleArns === undefined)) {
    throw new AwsError('ValidationError', 'Either ListenerArn or RuleArns must be specified.');
  }
  const all = balancersOf(call);
  const rules = RuleArns ? RuleArns.map((arn) => ruleAt(all, arn)) : listenerAt(all, ListenerArn ?? '').rules;
  const { items, next } = page(rules, input);
  return { Rules: items.map(describeRule), ...next };
}

function describeRule({ arn, priority, conditions, action }: ListenerRule): Rule {
  return {
    RuleArn: arn,
    Priority: String(priority),
    Conditions: conditions.map(({ field, values }) => ({
      Field: field,
      Values: [...values],
      ...(field === 'path-pattern'
        ? { PathPatternConfig: { Values: [...values] } }
        : { HostHeaderConfig: { Values: [...values] } }),
    })),
    Actions: [describeAction(action)],
    IsDefault: priority === 'default',
  };
}

function describeAction(action: RuleAction): Action {
  if (action.kind === 'fixed-response') {
    return {
      Type: 'fixed-response',
      Order: 1,
      FixedResponseConfig: {
        StatusCode: String(action.status),
        ContentType: 'text/plain',
        MessageBody: action.body,
      },
    };
  }
  const [only, ...others] = action.groups;
  return {
    Type: 'forward',
    Order: 1,
    ...(others.length === 0 ? { TargetGroupArn: only?.targetGroupArn } : {}),
    ForwardConfig: {
      TargetGroups: action.groups.map(({ targetGroupArn, weight }) => ({
        TargetGroupArn: targetGroupArn,
        Weight: weight,
      })),
    },
  };
}

function balancersOf({ world, account, region }: Call): readonly Balancer[] {
  return Object.values(balancerStore(world, account, region).balancers);
}

function listenerAt(all: readonly Balancer[], arn: string): Listener {
  const found = all.flatMap(({ listeners }) => listeners).find((listener) => listener.arn === arn);
  if (!found) throw new AwsError('ListenerNotFoundException', 'One or more listeners not found');
  return found;
}

function ruleAt(all: readonly Balancer[], arn: string): ListenerRule {
  const rules = all.flatMap(({ listeners }) => listeners.flatMap((listener) => listener.rules));
  const found = rules.find((rule) => rule.arn === arn);
  if (!found) throw new AwsError('RuleNotFoundException', 'One or more rules not found');
  return found;
}

function noBalancer(name: string): never {
  throw new AwsError('LoadBalancerNotFoundException', `Load balancers '[${name}]' not found`);
}
