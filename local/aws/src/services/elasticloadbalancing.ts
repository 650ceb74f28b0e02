import { balancerRules } from '../balancer/attribute-rules.ts';
import { describeListeners, describeLoadBalancers, describeRules } from '../balancer/describe-balancers.ts';
import {
  describeTargetGroupAttributes,
  describeTargetGroups,
  describeTargetHealth,
} from '../balancer/describe-targets.ts';
import { modifyLoadBalancerAttributes } from '../balancer/modify-attributes.ts';
import { addTags } from '../balancer/tags.ts';
import type { Service } from '../world/service.ts';

export { balancer, balancerUrl } from '../balancer/proxy.ts';
export { type BalancerSeed, seedBalancer, seedTargetGroup, type TargetGroupSeed } from '../balancer/seed.ts';

/** Elastic Load Balancing v2 with Application Load Balancers; ECS registers the targets. */
export const elasticloadbalancing: Service = {
  name: 'elasticloadbalancing',
  sdk: '@aws-sdk/client-elastic-load-balancing-v2',
  operations: {
    DescribeLoadBalancers: describeLoadBalancers,
    DescribeListeners: describeListeners,
    DescribeRules: describeRules,
    DescribeTargetGroups: describeTargetGroups,
    DescribeTargetGroupAttributes: describeTargetGroupAttributes,
    DescribeTargetHealth: describeTargetHealth,
    ModifyLoadBalancerAttributes: modifyLoadBalancerAttributes,
    AddTags: addTags,
  },
  rules: balancerRules,
};
