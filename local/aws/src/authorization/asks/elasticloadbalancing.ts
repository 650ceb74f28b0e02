import type {
  AddTagsCommandInput,
  ModifyLoadBalancerAttributesCommandInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { tagsOfBalancing } from '../../balancer/tags.ts';
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
      resourceTags: tagsOfBalancing(LoadBalancerArn, call),
    },
  ],
  // The reference that we use has AddTags for load balancers alone, so of anything else it is asked about everything
  AddTags: ({ ResourceArns = [], Tags = [] }: Partial<AddTagsCommandInput>, call) =>
    ResourceArns.map((resource) => ({
      action: 'elasticloadbalancing:AddTags',
      resource: resource.includes(':loadbalancer/') ? resource : '*',
      context: {},
      resourceTags: tagsOfBalancing(resource, call),
      requestTags: Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value])),
    })),
};
