import type { clientConfig } from './client-config.ts';
import { membersIn, requiredText } from './query-answer.ts';
import { childOf, queryCaller, type Xml } from './signed-call.ts';
import { required, translated } from './translate.ts';

const ELBV2 = {
  name: 'elasticloadbalancing',
  variable: 'ELASTIC_LOAD_BALANCING_V2',
  version: '2015-12-01',
} as const;

/** Elastic Load Balancing by hand: four lookups, each of which answers all that it has at once when it is asked for one. */
export function elbv2(config: ReturnType<typeof clientConfig>) {
  const call = queryCaller(ELBV2, config);
  const ask = <const Name extends string = never>(
    operation: string,
    parameters: Readonly<Record<string, string>>,
    known: readonly Name[] = [],
  ) => translated(`elasticloadbalancing:${operation}`, call(operation, parameters), known);

  return {
    /** By ARN or by name; `undefined` when there is none. */
    loadBalancer: async (arnOrName: string): Promise<Xml | undefined> => {
      const which = arnOrName.startsWith('arn:') ? 'LoadBalancerArns.member.1' : 'Names.member.1';
      const answer = await ask('DescribeLoadBalancers', { [which]: arnOrName }, ['LoadBalancerNotFound']);
      if (answer === 'LoadBalancerNotFound') return undefined;
      const [found] = membersIn(childOf(answer, 'DescribeLoadBalancersResult'), 'LoadBalancers');
      return required(found, `the load balancer ${arnOrName}`);
    },
    /** By ARN or by name; `undefined` when there is none. */
    targetGroup: async (arnOrName: string): Promise<Xml | undefined> => {
      const which = arnOrName.startsWith('arn:') ? 'TargetGroupArns.member.1' : 'Names.member.1';
      const answer = await ask('DescribeTargetGroups', { [which]: arnOrName }, ['TargetGroupNotFound']);
      if (answer === 'TargetGroupNotFound') return undefined;
      const [found] = membersIn(childOf(answer, 'DescribeTargetGroupsResult'), 'TargetGroups');
      return required(found, `the target group ${arnOrName}`);
    },
    targetHealth: async (group: string): Promise<readonly Xml[]> => {
      const answer = await ask('DescribeTargetHealth', {
        TargetGroupArn: group,
        'Include.member.1': 'All', // anomalies are told on request
      });
      return membersIn(childOf(answer, 'DescribeTargetHealthResult'), 'TargetHealthDescriptions');
    },
    targetGroupAttributes: async (group: string): Promise<readonly Xml[]> => {
      const answer = await ask('DescribeTargetGroupAttributes', { TargetGroupArn: group });
      return membersIn(childOf(answer, 'DescribeTargetGroupAttributesResult'), 'Attributes');
    },
  };
}

/** The balancers of a target group, by ARN. A group that stands behind none may be without the list. */
export function balancersOf(group: Xml): readonly string[] {
  if (childOf(group, 'LoadBalancerArns') === undefined) return [];
  return membersIn(group, 'LoadBalancerArns').map((arn) =>
    required(typeof arn === 'string' ? arn : undefined, 'LoadBalancerArns.member as text'),
  );
}

/** What every reader of a balancer wants of it. */
export function identityOf(balancer: Xml) {
  const of = 'LoadBalancers[0]';
  return {
    arn: requiredText(balancer, of, 'LoadBalancerArn'),
    name: requiredText(balancer, of, 'LoadBalancerName'),
    scheme: requiredText(balancer, of, 'Scheme'),
  };
}
