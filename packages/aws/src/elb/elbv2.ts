import type {
  Listener,
  LoadBalancer,
  Rule,
  TargetGroup,
  TargetGroupAttribute,
  TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { everyRow } from '../errors/every-row.ts';
import { required, translated } from '../errors/translate.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { elbClient } from './elb-client.ts';

/** Elastic Load Balancing, asked about one balancer or target group at a time. Listeners and rules come in pages. */
export function elbv2(config: ClientConfig) {
  const elb = elbClient(config);
  return {
    /** By ARN or by name; `undefined` when there is none. */
    loadBalancer: async (arnOrName: string): Promise<LoadBalancer | undefined> => {
      const which = arnOrName.startsWith('arn:') ? 'LoadBalancerArns' : 'Names';
      const answer = await translated(
        'elasticloadbalancing:DescribeLoadBalancers',
        elb.send((sdk) => new sdk.DescribeLoadBalancersCommand({ [which]: [arnOrName] })),
        ['LoadBalancerNotFoundException'],
      );
      if (answer === 'LoadBalancerNotFoundException') return undefined;
      return required(answer.LoadBalancers?.[0], `the load balancer ${arnOrName}`);
    },
    /** By ARN or by name; `undefined` when there is none. */
    targetGroup: async (arnOrName: string): Promise<TargetGroup | undefined> => {
      const which = arnOrName.startsWith('arn:') ? 'TargetGroupArns' : 'Names';
      const answer = await translated(
        'elasticloadbalancing:DescribeTargetGroups',
        elb.send((sdk) => new sdk.DescribeTargetGroupsCommand({ [which]: [arnOrName] })),
        ['TargetGroupNotFoundException'],
      );
      if (answer === 'TargetGroupNotFoundException') return undefined;
      return required(answer.TargetGroups?.[0], `the target group ${arnOrName}`);
    },
    listeners: (balancer: string) => listenersOf(elb, balancer),
    targetHealth: async (group: string): Promise<readonly TargetHealthDescription[]> => {
      const sent = elb.send(
        (sdk) =>
          new sdk.DescribeTargetHealthCommand({
            TargetGroupArn: group,
            Include: ['All'], // anomalies are included on request only
          }),
      );
      const answer = await translated('elasticloadbalancing:DescribeTargetHealth', sent);
      return required(answer.TargetHealthDescriptions, 'TargetHealthDescriptions');
    },
    targetGroupAttributes: async (group: string): Promise<readonly TargetGroupAttribute[]> => {
      const sent = elb.send((sdk) => new sdk.DescribeTargetGroupAttributesCommand({ TargetGroupArn: group }));
      const answer = await translated('elasticloadbalancing:DescribeTargetGroupAttributes', sent);
      return required(answer.Attributes, 'Attributes');
    },
  };
}

/** The listeners of a balancer and the rules of each, in AWS's order. */
async function listenersOf(
  elb: ReturnType<typeof elbClient>,
  balancer: string,
): Promise<readonly { readonly listener: Listener; readonly rules: readonly Rule[] }[]> {
  const asked = { LoadBalancerArn: balancer };
  const pages = elb.pages((sdk, client) => sdk.paginateDescribeListeners({ client }, asked));
  const found = await everyRow('elasticloadbalancing:DescribeListeners', pages, 'Listeners');
  return Promise.all(
    found.map(async (listener) => {
      const ListenerArn = required(listener.ListenerArn, 'Listeners[].ListenerArn');
      const ruled = elb.pages((sdk, client) => sdk.paginateDescribeRules({ client }, { ListenerArn }));
      const rules = await everyRow('elasticloadbalancing:DescribeRules', ruled, 'Rules');
      return { listener, rules };
    }),
  );
}

/** What every reader of a balancer wants of it. */
export function identityOf(balancer: LoadBalancer) {
  return {
    arn: required(balancer.LoadBalancerArn, 'LoadBalancers[0].LoadBalancerArn'),
    name: required(balancer.LoadBalancerName, 'LoadBalancers[0].LoadBalancerName'),
    scheme: required(balancer.Scheme, 'LoadBalancers[0].Scheme'),
  };
}
