import type { ModifyLoadBalancerAttributesCommandInput } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Rule } from '../rules/rule.ts';

export const balancerRules: readonly Rule[] = [
  {
    operations: ['ModifyLoadBalancerAttributes'],
    page: 'LoadBalancerAttribute - Elastic Load Balancing',
    says: 'An attribute that turns something on or off is true or false, and is given once.',
    code: 'InvalidConfigurationRequest',
    *mistakes({ Attributes = [] }: ModifyLoadBalancerAttributesCommandInput) {
      const keys = Attributes.map(({ Key = '' }) => Key);
      if (new Set(keys).size < keys.length) yield 'A load balancer attribute is specified more than once.';
      for (const { Key = '', Value = '' } of Attributes)
        if (Key.endsWith('.enabled') && Value !== 'true' && Value !== 'false')
          yield `The value of '${Key}' must be 'true' or 'false'.`;
    },
    shownBy: [
      { Attributes: [{ Key: 'deletion_protection.enabled', Value: 'yes' }] },
      {
        Attributes: [
          { Key: 'deletion_protection.enabled', Value: 'true' },
          { Key: 'deletion_protection.enabled', Value: 'false' },
        ],
      },
    ],
  },
];
