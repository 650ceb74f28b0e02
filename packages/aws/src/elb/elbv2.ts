import { membersIn, requiredText } from '../by-hand/query-answer.ts';
import { childOf, queryCaller, textOf, type Xml } from '../by-hand/signed-call.ts';
import { required, translated } from '../errors/translate.ts';
import type { clientConfig } from '../session/client-config.ts';

const ELBV2 = {
  name: 'elasticloadbalancing',
  variable: 'ELASTIC_LOAD_BALANCING_V2',
  version: '2015-12-01',
} as const;

/** Elastic Load Balancing by hand. What is asked for one thing answers all that it has at once; listeners and rules come in pages. */
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
    /** With the rules of each, in the order in which AWS has them. */
    listeners: async (
      balancer: string,
    ): Promise<readonly { readonly listener: Xml; readonly rules: readonly Xml[] }[]> => {
      const found = await pages(ask, 'DescribeListeners', { LoadBalancerArn: balancer }, 'Listeners');
      return Promise.all(
        found.map(async (listener) => {
          const arn = requiredText(listener, 'Listeners[]', 'ListenerArn');
          return { listener, rules: await pages(ask, 'DescribeRules', { ListenerArn: arn }, 'Rules') };
        }),
      );
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

/** All pages of a list: a listener may have more rules than one answer holds. */
async function pages(
  ask: (operation: string, parameters: Readonly<Record<string, string>>) => Promise<Xml>,
  operation: string,
  parameters: Readonly<Record<string, string>>,
  list: string,
): Promise<readonly Xml[]> {
  const found: Xml[] = [];
  for (let marker: string | undefined; ; ) {
    const answer = await ask(operation, { ...parameters, ...(marker && { Marker: marker }) });
    const result = required(childOf(answer, `${operation}Result`), `${operation}Result`);
    found.push(...membersIn(result, list));
    marker = textOf(result, 'NextMarker');
    if (!marker) return found;
  }
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
