import type { Action, RuleCondition as Condition, Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { BalancerRule, RuleCondition } from '@tenant-delivery/deployment/health/probe-route';
import type { BalancerFrontReader } from '@tenant-delivery/deployment/ports';
import type { Role } from '@tenant-delivery/domain';
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
        dnsName: required(balancer.DNSName, 'LoadBalancers[0].DNSName'),
        listeners: listeners.map(({ listener, rules }) => ({
          port: required(listener.Port, 'Listeners[].Port'),
          protocol: required(listener.Protocol, 'Listeners[].Protocol'),
          rules: rules.map(ruleOf).sort(byPriority),
        })),
      };
    },
  };
}

function ruleOf({ Priority, Conditions = [], Actions = [] }: Rule): BalancerRule {
  return {
    priority: required(Priority, 'Rules[].Priority'),
    conditions: Conditions.map(conditionOf),
    forwards: Actions.flatMap(forwardsOf),
  };
}

/** Old rules have their values beside the field; newer ones have them in a member named after the field. */
function conditionOf(condition: Condition): RuleCondition {
  const field = required(condition.Field, 'Conditions[].Field');
  const config = field === 'host-header' ? condition.HostHeaderConfig : condition.PathPatternConfig;
  const values = (config === undefined ? condition.Values : config.Values) ?? [];
  const isRegular = (config?.RegexValues ?? []).length > 0;
  return { field, values: isRegular ? [] : values };
}

function forwardsOf({ Type, ForwardConfig, TargetGroupArn }: Action): BalancerRule['forwards'] {
  if (Type !== 'forward') return [];
  const groups = ForwardConfig?.TargetGroups ?? [];
  if (groups.length === 0)
    return [{ group: required(TargetGroupArn, 'Actions[].TargetGroupArn'), weight: 1 }];
  return groups.map((group) => ({
    group: required(group.TargetGroupArn, 'TargetGroups[].TargetGroupArn'),
    weight: group.Weight ?? 1,
  }));
}

function byPriority(a: BalancerRule, b: BalancerRule): number {
  const number = ({ priority }: BalancerRule) =>
    priority === 'default' ? Number.MAX_SAFE_INTEGER : Number(priority);
  return number(a) - number(b);
}
