import type { NetworkedEnvironment } from './networked-environment.ts';
import { att, kept, logicalId, type Resources, ref, tagList, type Value } from './template.ts';

const subnetId = (layer: string, zone: string): string => logicalId('subnet', layer, zone);
const routeTableId = (layer: string, zone: string) => logicalId('routes', layer, zone);

/** The subnets of a layer, in the order of the zones. */
export function subnetsOf({ environment }: NetworkedEnvironment, layer: string): readonly Value[] {
  return environment.zones.map((zone) => ref(subnetId(layer, zone)));
}

/** Every route table of the layers. */
export function routeTables({ environment, network }: NetworkedEnvironment): readonly string[] {
  return Object.keys(network.layers).flatMap((layer) =>
    environment.zones.map((zone) => routeTableId(layer, zone)),
  );
}

/** The VPC, and of each layer a subnet in each zone with a route table of its own: tasks keep to their zone on the way out. */
export function subnets(place: NetworkedEnvironment): Resources {
  const { environment, network, tags } = place;
  const named = (name: string, more = {}) =>
    tagList({ ...tags, ...more, Name: `${tags['tenant']}-${place.name}-${name}` });
  const layers = Object.entries(network.layers).flatMap(([layer, { cidrs, egress }]) =>
    environment.zones.flatMap((zone, i) => {
      const table = routeTableId(layer, zone);
      const out = egress === 'nat' ? { [`${table}Out`]: outBy(place, table, zone) } : {};
      return Object.entries({
        [subnetId(layer, zone)]: subnet(cidrs[i], zone, named(`${layer}-${zone}`, { layer })),
        [table]: {
          Type: 'AWS::EC2::RouteTable',
          Properties: { VpcId: ref('Vpc'), Tags: named(`${layer}-${zone}`, { layer }) },
        },
        ...associated(subnetId(layer, zone), table),
        ...out,
      });
    }),
  );
  return {
    Vpc: kept({
      Type: 'AWS::EC2::VPC',
      Properties: {
        CidrBlock: environment.vpc.cidr,
        EnableDnsHostnames: true,
        EnableDnsSupport: true,
        Tags: named('vpc'),
      },
    }),
    ...Object.fromEntries(layers),
    ...gateways(place, named),
  };
}

function subnet(cidr: string | undefined, zone: string, tags: unknown) {
  return kept({
    Type: 'AWS::EC2::Subnet',
    Properties: {
      VpcId: ref('Vpc'),
      CidrBlock: cidr,
      AvailabilityZoneId: zone,
      MapPublicIpOnLaunch: false,
      Tags: tags,
    },
  });
}

function associated(subnet: string, table: string): Resources {
  return {
    [`${subnet}Routes`]: {
      Type: 'AWS::EC2::SubnetRouteTableAssociation',
      Properties: { SubnetId: ref(subnet), RouteTableId: ref(table) },
    },
  };
}

const natZones = ({ environment, network }: NetworkedEnvironment) =>
  network.nat.per === 'zone' ? environment.zones : environment.zones.slice(0, 1);
const addressId = (zone: string): string => logicalId('nat', zone, 'address');

/** The addresses with which this environment's traffic leaves, by zone; the customer's firewall lets them in. */
export function addresses(place: NetworkedEnvironment): Readonly<Record<string, Value>> {
  return Object.fromEntries(natZones(place).map((zone) => [zone, ref(addressId(zone))]));
}

function outBy(place: NetworkedEnvironment, table: string, zone: string) {
  const [first = ''] = natZones(place);
  const nat = logicalId('nat', natZones(place).includes(zone) ? zone : first);
  return {
    Type: 'AWS::EC2::Route',
    Properties: { RouteTableId: ref(table), DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: ref(nat) },
  };
}

/** Public subnets that hold NAT gateways and nothing else; an address is named, and kept, because others allow it. */
function gateways(place: NetworkedEnvironment, named: (name: string, more?: object) => unknown): Resources {
  const { network } = place;
  const zonal = natZones(place).flatMap((zone, i) =>
    Object.entries({
      [subnetId('public', zone)]: subnet(
        network.nat.cidrs[i],
        zone,
        named(`public-${zone}`, { layer: 'public' }),
      ),
      ...associated(subnetId('public', zone), 'RoutesPublic'),
      [addressId(zone)]: kept({
        Type: 'AWS::EC2::EIP',
        DependsOn: 'InternetGatewayAttachment',
        Properties: { Domain: 'vpc', Tags: named(`nat-${zone}`) },
      }),
      [logicalId('nat', zone)]: {
        Type: 'AWS::EC2::NatGateway',
        DependsOn: 'RoutePublicOut',
        Properties: {
          AllocationId: att(addressId(zone), 'AllocationId'),
          SubnetId: ref(subnetId('public', zone)),
          Tags: named(`nat-${zone}`),
        },
      },
    }),
  );
  return {
    InternetGateway: { Type: 'AWS::EC2::InternetGateway', Properties: { Tags: named('internet') } },
    InternetGatewayAttachment: {
      Type: 'AWS::EC2::VPCGatewayAttachment',
      Properties: { VpcId: ref('Vpc'), InternetGatewayId: ref('InternetGateway') },
    },
    RoutesPublic: {
      Type: 'AWS::EC2::RouteTable',
      Properties: { VpcId: ref('Vpc'), Tags: named('public') },
    },
    RoutePublicOut: {
      Type: 'AWS::EC2::Route',
      DependsOn: 'InternetGatewayAttachment',
      Properties: {
        RouteTableId: ref('RoutesPublic'),
        DestinationCidrBlock: '0.0.0.0/0',
        GatewayId: ref('InternetGateway'),
      },
    },
    ...Object.fromEntries(zonal),
  };
}
