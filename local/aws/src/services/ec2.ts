import { addressOperations } from '../ec2/addresses.ts';
import { endpointOperations } from '../ec2/endpoints.ts';
import { flowLogOperations } from '../ec2/flow-logs.ts';
import { internetGatewayOperations } from '../ec2/internet-gateways.ts';
import { natGatewayOperations } from '../ec2/nat-gateways.ts';
import { routeTableOperations } from '../ec2/route-tables.ts';
import { routeOperations } from '../ec2/routes.ts';
import { ec2Rules } from '../ec2/rules/index.ts';
import { securityGroupRuleOperations } from '../ec2/security-group-rules.ts';
import { securityGroupOperations } from '../ec2/security-groups.ts';
import { subnetOperations } from '../ec2/subnets.ts';
import { tagOperations } from '../ec2/tags.ts';
import { vpcOperations } from '../ec2/vpcs.ts';
import { vpnOperations } from '../ec2/vpn.ts';
import { vpnConnectionOperations } from '../ec2/vpn-connections.ts';
import { vpnGatewayOperations } from '../ec2/vpn-gateways.ts';
import { zoneOperations } from '../ec2/zones.ts';
import type { Service } from '../world/service.ts';

export { type Ec2State, ec2Of, type SecurityGroup, type Subnet } from '../ec2/state.ts';
export { atCustomer, seedVpn, type VpnSeed, vpnsOf } from '../ec2/vpn-state.ts';

/** EC2 as far as networks: VPCs with all that belongs to them, and links to a customer's premises. */
export const ec2: Service = {
  name: 'ec2',
  sdk: '@aws-sdk/client-ec2',
  operations: {
    ...addressOperations,
    ...endpointOperations,
    ...flowLogOperations,
    ...internetGatewayOperations,
    ...natGatewayOperations,
    ...routeOperations,
    ...routeTableOperations,
    ...securityGroupOperations,
    ...securityGroupRuleOperations,
    ...subnetOperations,
    ...tagOperations,
    ...vpcOperations,
    ...vpnOperations,
    ...vpnConnectionOperations,
    ...vpnGatewayOperations,
    ...zoneOperations,
  },
  rules: ec2Rules,
};
