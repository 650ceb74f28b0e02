import type { ModifyLoadBalancerAttributesCommandInput } from '@aws-sdk/client-elastic-load-balancing-v2';
import { balancerStore } from '../../balancer/store.ts';
import { describedOf } from '../../cloudformation/described.ts';
import { tagsIn } from '../../cloudformation/types/tags.ts';
import type { Asks } from '../ask.ts';

/** "Actions, resources, and condition keys for AWS Elastic Load Balancing V2". Tags are those that a stack or a seed gave. */
export const balancingAsks: Readonly<Record<string, Asks>> = {
  ModifyLoadBalancerAttributes: (
    { LoadBalancerArn = '' }: ModifyLoadBalancerAttributesCommandInput,
    call,
  ) => [
    {
      action: 'elasticloadbalancing:ModifyLoadBalancerAttributes',
      resource: LoadBalancerArn,
      context: {},
      resourceTags:
        tagsIn(
          describedOf(call.world, call, 'AWS::ElasticLoadBalancingV2::LoadBalancer')[LoadBalancerArn] ?? {},
        ) ??
        balancerStore(call.world, call.account, call.region).balancers[LoadBalancerArn]?.tags ??
        {},
    },
  ],
};
