import type { BalancerRule, RuleCondition } from '@tenant-delivery/deployment/health/probe-route';
import type { BalancerFrontReader } from '@tenant-delivery/deployment/ports';
import type { Role } from '@tenant-delivery/domain';
import { integerIn, membersIn, requiredText } from '../by-hand/query-answer.ts';
import { childOf, textOf, type Xml } from '../by-hand/signed-call.ts';
import { required } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { elbv2, identityOf } from './elbv2.ts';

/** Balancers as their clients see them, read only. */
export function elbv2Fronts(session: Pick<Session, 'clientConfig'>, role: Role): BalancerFrontReader {
  const elb = elbv2(session.clientConfig(role));
  return {
    front: async (arnOrName) => {
      const balancer = await elb.loadBalancer(arnOrName);
      if (balancer === undefined) return undefined;
      const { arn, name, scheme } = identityOf(balancer);
      const listeners = await elb.listeners(arn);
      return {
        name,
        scheme,
        dnsName: requiredText(balancer, 'LoadBalancers[0]', 'DNSName'),
        listeners: listeners.map(({ listener, rules }) => ({
          port: required(integerIn(listener, 'Port'), 'Listeners[].Port'),
          protocol: requiredText(listener, 'Listeners[]', 'Protocol'),
          rules: rules.map(ruleOf).sort(byPriority),
        })),
      };
    },
  };
}

function ruleOf(rule: Xml): BalancerRule {
  return {
    priority: requiredText(rule, 'Rules[]', 'Priority'),
    conditions: listIn(rule, 'Conditions').map(conditionOf),
    forwards: listIn(rule, 'Actions').flatMap(forwardsOf),
  };
}

/** Old rules have their values beside the field, new ones in a member that is named after it. */
function conditionOf(condition: Xml): RuleCondition {
  const field = requiredText(condition, 'Conditions[]', 'Field');
  const config = childOf(condition, field === 'host-header' ? 'HostHeaderConfig' : 'PathPatternConfig');
  const values = config === undefined ? listIn(condition, 'Values') : listIn(config, 'Values');
  const regular = config === undefined ? [] : listIn(config, 'RegexValues');
  const texts = values.filter((value) => typeof value === 'string');
  return { field, values: regular.length > 0 ? [] : texts };
}

function forwardsOf(action: Xml): BalancerRule['forwards'] {
  if (textOf(action, 'Type') !== 'forward') return [];
  const groups = listIn(childOf(action, 'ForwardConfig'), 'TargetGroups');
  if (groups.length === 0) return [{ group: requiredText(action, 'Actions[]', 'TargetGroupArn'), weight: 1 }];
  return groups.map((group) => ({
    group: requiredText(group, 'TargetGroups[]', 'TargetGroupArn'),
    weight: integerIn(group, 'Weight') ?? 1,
  }));
}

/** A list that AWS may leave out. */
function listIn(element: Xml | undefined, name: string): readonly Xml[] {
  return childOf(element, name) === undefined ? [] : membersIn(element, name);
}

function byPriority(a: BalancerRule, b: BalancerRule): number {
  const number = ({ priority }: BalancerRule) =>
    priority === 'default' ? Number.MAX_SAFE_INTEGER : Number(priority);
  return number(a) - number(b);
}
