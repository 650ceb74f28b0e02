import type { Link } from '@tenant-delivery/tenancy/network-agreement';
import type { NetworkedEnvironment } from './networked-environment.ts';
import { routeTables } from './subnets.ts';
import { kept, logicalId, type Resources, ref, tagList } from './template.ts';

const MOST_ASN = 2_147_483_647; // a larger one is another property ("AWS::EC2::CustomerGateway")

/**
 * IPSec links to the customer's premises. AWS makes the pre-shared keys and keeps them in Secrets Manager, so that no
 * template holds one; rotate-access takes them from there.
 */
export function links(place: NetworkedEnvironment): Resources {
  const all = Object.entries(place.network.links ?? {});
  if (all.length === 0) return {};
  return {
    VpnGateway: kept({
      Type: 'AWS::EC2::VPNGateway',
      Properties: {
        Type: 'ipsec.1',
        Tags: tagList({ ...place.tags, Name: `${place.tags['tenant']}-${place.name}-vpn` }),
      },
    }),
    VpnGatewayAttachment: {
      Type: 'AWS::EC2::VPCGatewayAttachment',
      Properties: { VpcId: ref('Vpc'), VpnGatewayId: ref('VpnGateway') },
    },
    VpnRoutes: {
      Type: 'AWS::EC2::VPNGatewayRoutePropagation',
      DependsOn: 'VpnGatewayAttachment',
      Properties: { RouteTableIds: routeTables(place).map(ref), VpnGatewayId: ref('VpnGateway') },
    },
    ...Object.fromEntries(all.flatMap(([name, link]) => Object.entries(linkTo(place, name, link)))),
  };
}

function linkTo(
  { name: environment, tags }: NetworkedEnvironment,
  name: string,
  { peer, asn, routing, cidrs, tunnels }: Link,
): Resources {
  const called = `${tags['tenant']}-${environment}-${name}`;
  const named = tagList({ ...tags, Name: called });
  const connection = logicalId('vpn', name);
  const keys = { PreSharedKeyStorage: 'SecretsManager' };
  return {
    [logicalId('customer', name)]: kept({
      Type: 'AWS::EC2::CustomerGateway',
      Properties: {
        Type: 'ipsec.1',
        IpAddress: peer,
        ...(asn <= MOST_ASN ? { BgpAsn: asn } : { BgpAsnExtended: asn }),
        // Without a name of its own it would be the gateway of every environment with this peer, and go with one of them.
        DeviceName: called,
        Tags: named,
      },
    }),
    [connection]: kept({
      Type: 'AWS::EC2::VPNConnection',
      Properties: {
        Type: 'ipsec.1',
        CustomerGatewayId: ref(logicalId('customer', name)),
        VpnGatewayId: ref('VpnGateway'),
        StaticRoutesOnly: routing === 'static',
        ...keys,
        ...(tunnels && {
          VpnTunnelOptionsSpecifications: tunnels.map((inside) => ({ TunnelInsideCidr: inside })),
        }),
        Tags: named,
      },
    }),
    ...(routing === 'static'
      ? Object.fromEntries(
          cidrs.map((cidr) => [
            logicalId('vpn', name, 'route', cidr),
            {
              Type: 'AWS::EC2::VPNConnectionRoute',
              Properties: { VpnConnectionId: ref(connection), DestinationCidrBlock: cidr },
            },
          ]),
        )
      : {}),
  };
}
