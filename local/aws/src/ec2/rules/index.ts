import type { Rule } from '../../rules/rule.ts';
import { endpointRules } from './endpoints.ts';
import { filterRules } from './filters.ts';
import { gatewayRules } from './gateways.ts';
import { networkRules } from './networks.ts';
import { securityGroupRules } from './security-groups.ts';
import { tagRules } from './tags.ts';
import { vpnRules } from './vpn.ts';

/** What EC2's pages say of networks, from what stands alone to what compares with what is there. */
export const ec2Rules: readonly Rule[] = [
  ...filterRules,
  ...tagRules,
  ...networkRules,
  ...securityGroupRules,
  ...gatewayRules,
  ...endpointRules,
  ...vpnRules,
];
