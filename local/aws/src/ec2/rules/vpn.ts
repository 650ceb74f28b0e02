import { isIPv4, isIPv6 } from 'node:net';
import type {
  CreateCustomerGatewayCommandInput,
  CreateVpnConnectionCommandInput,
  CreateVpnConnectionRouteCommandInput,
  CreateVpnGatewayCommandInput,
  ModifyVpnTunnelOptionsCommandInput,
} from '@aws-sdk/client-ec2';
import type { Rule } from '../../rules/rule.ts';
import { canonical, contains, isRange } from '../cidr.ts';
import { allOf } from '../kinds.ts';
import { vpnState } from '../vpn-state.ts';
import { rangeMistakes } from './ranges.ts';

const CONNECTION = 'CreateVpnConnection - Amazon Elastic Compute Cloud';
const TUNNEL = 'VpnTunnelOptionsSpecification - Amazon Elastic Compute Cloud';
const CUSTOMER = 'CreateCustomerGateway - Amazon Elastic Compute Cloud';

const LINK_LOCAL = '169.254.0.0/16';
/** Ranges that no tunnel has. */
const RESERVED = [...[0, 1, 2, 3, 4, 5].map((third) => `169.254.${third}.0/30`), '169.254.169.252/30'];

const tunnels = (...TunnelOptions: readonly object[]) => ({ Options: { TunnelOptions } });
const insidesOf = ({ Options }: CreateVpnConnectionCommandInput) =>
  (Options?.TunnelOptions ?? []).flatMap(({ TunnelInsideCidr: cidr }) => cidr ?? []);

/** Links to a customer's premises. */
export const vpnRules: readonly Rule[] = [
  {
    operations: ['CreateCustomerGateway', 'CreateVpnGateway', 'CreateVpnConnection'],
    page: CONNECTION,
    says: 'There is one type of VPN connection, ipsec.1.',
    code: 'InvalidParameterValue',
    *mistakes({ Type }: CreateVpnConnectionCommandInput) {
      if (Type !== 'ipsec.1') yield `Value (${Type}) for parameter type is invalid.`;
    },
    shownBy: [{ Type: 'ipsec.2' }],
  },
  {
    operations: ['CreateCustomerGateway'],
    page: CUSTOMER,
    says: "A customer gateway has the IP address of its device's outside interface.",
    code: 'InvalidParameterValue',
    *mistakes({ IpAddress, PublicIp, CertificateArn }: CreateCustomerGatewayCommandInput) {
      const ip = IpAddress ?? PublicIp;
      if (ip === undefined ? CertificateArn === undefined : !isIPv4(ip) && !isIPv6(ip))
        yield `Value (${ip}) for parameter ipAddress is invalid.`;
    },
    shownBy: [{ IpAddress: '198.51.100.300' }, { IpAddress: 'gateway.example.com' }, {}],
  },
  {
    operations: ['CreateCustomerGateway'],
    page: CUSTOMER,
    says: 'An ASN is 1 to 2,147,483,647 in BgpAsn, and above in BgpAsnExtended.',
    code: 'InvalidParameterValue',
    *mistakes({ BgpAsn = 1, BgpAsnExtended = 2 ** 31 }: CreateCustomerGatewayCommandInput) {
      if (BgpAsn < 1 || BgpAsn >= 2 ** 31) yield `Value (${BgpAsn}) for parameter bgpAsn is invalid.`;
      if (BgpAsnExtended < 2 ** 31 || BgpAsnExtended >= 2 ** 32)
        yield `Value (${BgpAsnExtended}) for parameter bgpAsnExtended is invalid.`;
    },
    shownBy: [{ BgpAsn: 0 }, { BgpAsn: 2 ** 31 }, { BgpAsnExtended: 65_000 }, { BgpAsnExtended: 2 ** 32 }],
  },
  {
    operations: ['CreateCustomerGateway'],
    page: CUSTOMER,
    says: 'A device name has up to 255 characters.',
    code: 'InvalidParameterValue',
    *mistakes({ DeviceName = '' }: CreateCustomerGatewayCommandInput) {
      if (DeviceName.length > 255) yield `Value (${DeviceName}) for parameter deviceName is invalid.`;
    },
    shownBy: [{ DeviceName: 'x'.repeat(256) }],
  },
  {
    operations: ['CreateVpnGateway'],
    page: 'CreateVpnGateway - Amazon Elastic Compute Cloud',
    says: 'The ASN of the Amazon side is private: 64512 to 65534, or 4200000000 to 4294967294.',
    code: 'InvalidParameterValue',
    *mistakes({ AmazonSideAsn = 64_512 }: CreateVpnGatewayCommandInput) {
      const short = AmazonSideAsn >= 64_512 && AmazonSideAsn <= 65_534;
      const long = AmazonSideAsn >= 4_200_000_000 && AmazonSideAsn <= 4_294_967_294;
      if (!short && !long) yield `Value (${AmazonSideAsn}) for parameter amazonSideAsn is invalid.`;
    },
    shownBy: [{ AmazonSideAsn: 64_511 }, { AmazonSideAsn: 65_535 }, { AmazonSideAsn: 4_294_967_295 }],
  },
  {
    operations: ['CreateVpnConnection'],
    page: CONNECTION,
    says: 'A connection ends at a virtual private gateway or at a transit gateway.',
    code: 'InvalidParameterCombination',
    *mistakes({ VpnGatewayId, TransitGatewayId }: CreateVpnConnectionCommandInput) {
      if (VpnGatewayId !== undefined && TransitGatewayId !== undefined)
        yield 'If you specify a virtual private gateway, you cannot specify a transit gateway.';
    },
    shownBy: [{ VpnGatewayId: 'vgw-1', TransitGatewayId: 'tgw-1' }],
  },
  {
    operations: ['CreateVpnConnection', 'ModifyVpnTunnelOptions'],
    page: CONNECTION,
    says: 'Pre-shared keys are stored as Standard or in SecretsManager.',
    code: 'InvalidParameterValue',
    *mistakes({ PreSharedKeyStorage: where = 'Standard' }: CreateVpnConnectionCommandInput) {
      if (where !== 'Standard' && where !== 'SecretsManager')
        yield `Value (${where}) for parameter preSharedKeyStorage is invalid.`;
    },
    shownBy: [{ PreSharedKeyStorage: 'ParameterStore' }],
  },
  {
    operations: ['CreateVpnConnection'],
    page: CONNECTION,
    says: 'A connection has two tunnels.',
    code: 'InvalidParameterValue',
    *mistakes({ Options }: CreateVpnConnectionCommandInput) {
      if ((Options?.TunnelOptions?.length ?? 0) > 2)
        yield 'A VPN connection has two tunnels; more options were given.';
    },
    shownBy: [tunnels({}, {}, {})],
  },
  {
    operations: ['CreateVpnConnection'],
    page: TUNNEL,
    says: 'The inside of a tunnel is a /30 of 169.254.0.0/16 that is not reserved.',
    code: 'InvalidParameterValue',
    *mistakes(input: CreateVpnConnectionCommandInput) {
      for (const cidr of insidesOf(input)) {
        const fits = isRange(cidr) && cidr.endsWith('/30') && contains(LINK_LOCAL, cidr);
        if (!fits || RESERVED.includes(canonical(cidr))) yield `Invalid Tunnel Inside CIDR: ${cidr}`;
      }
    },
    shownBy: [
      tunnels({ TunnelInsideCidr: '10.0.0.0/30' }),
      tunnels({ TunnelInsideCidr: '169.254.10.0/29' }),
      tunnels({ TunnelInsideCidr: '169.254.5.0/30' }),
      tunnels({}, { TunnelInsideCidr: '169.254.169.252/30' }),
    ],
  },
  {
    operations: ['CreateVpnConnection'],
    page: TUNNEL,
    says: 'The insides of tunnels are unique across all connections of a virtual private gateway.',
    code: 'InvalidParameterValue',
    *mistakes(input: CreateVpnConnectionCommandInput, call) {
      const own = insidesOf(input).filter(isRange).map(canonical);
      if (new Set(own).size < own.length) yield 'Tunnel inside CIDRs must be different for each tunnel.';
      const now = call.world.clock.now();
      const others = Object.values(allOf(call, 'vpn-connection'))
        .filter((vpn) => vpn.vpnGatewayId === input.VpnGatewayId && vpnState(vpn, now) !== 'deleted')
        .flatMap((vpn) => vpn.tunnels.map(({ insideCidr }) => insideCidr));
      for (const cidr of own)
        if (others.includes(cidr)) yield `The Tunnel Inside CIDR ${cidr} is used by another connection.`;
    },
    shownBy: [tunnels({ TunnelInsideCidr: '169.254.10.0/30' }, { TunnelInsideCidr: '169.254.10.0/30' })],
  },
  {
    operations: ['CreateVpnConnection'],
    page: TUNNEL,
    says: 'A pre-shared key has 8 to 64 letters, digits, periods and underscores, and does not start with zero.',
    code: 'InvalidParameterValue',
    *mistakes({ Options }: CreateVpnConnectionCommandInput) {
      for (const { PreSharedKey } of Options?.TunnelOptions ?? []) yield* keyMistakes(PreSharedKey);
    },
    shownBy: [
      tunnels({ PreSharedKey: 'short' }),
      tunnels({ PreSharedKey: '0startsWithZero' }),
      tunnels({}, { PreSharedKey: 'with-a-hyphen' }),
    ],
  },
  {
    operations: ['ModifyVpnTunnelOptions'],
    page: 'ModifyVpnTunnelOptionsSpecification - Amazon Elastic Compute Cloud',
    says: 'A new pre-shared key has 8 to 64 letters, digits, periods and underscores, and does not start with zero.',
    code: 'InvalidParameterValue',
    *mistakes({ TunnelOptions }: ModifyVpnTunnelOptionsCommandInput) {
      yield* keyMistakes(TunnelOptions?.PreSharedKey);
    },
    shownBy: [
      { TunnelOptions: { PreSharedKey: '0startsWithZero' } },
      { TunnelOptions: { PreSharedKey: 'x' } },
    ],
  },
  {
    operations: ['CreateVpnConnectionRoute'],
    page: 'CreateVpnConnectionRoute - Amazon Elastic Compute Cloud',
    says: 'A destination is written in CIDR notation.',
    code: 'InvalidParameterValue',
    *mistakes({ DestinationCidrBlock }: CreateVpnConnectionRouteCommandInput) {
      yield* rangeMistakes(DestinationCidrBlock, 'destinationCidrBlock');
    },
    shownBy: [{ DestinationCidrBlock: '10.0.0.0' }],
  },
];

function* keyMistakes(key: string | undefined): Iterable<string> {
  if (key !== undefined && !/^(?!0)[A-Za-z0-9._]{8,64}$/.test(key))
    yield 'Invalid pre-shared key: 8 to 64 letters, digits, periods and underscores, the first of which is no zero.';
}
