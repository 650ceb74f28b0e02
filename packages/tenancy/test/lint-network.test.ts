import { expect, test } from '@jest/globals';
import type { EnvironmentContract, TenantContract } from '../src/contract.ts';
import { lintContracts } from '../src/lint.ts';
import { lintNetwork } from '../src/lint-network.ts';
import { lintZones } from '../src/lint-zones.ts';
import type { Link, NetworkAgreement } from '../src/network-agreement.ts';
import { acme } from './contracts.ts';

const NETWORK: NetworkAgreement = {
  layers: {
    edge: { cidrs: ['10.20.0.0/24', '10.20.1.0/24'], egress: 'none' },
    app: { cidrs: ['10.20.10.0/24', '10.20.11.0/24'], egress: 'nat' },
  },
  nat: { per: 'zone', cidrs: ['10.20.30.0/28', '10.20.30.16/28'] },
  endpoints: { layer: 'app', services: ['ecr.api', 'ecr.dkr', 'logs'] },
  balancer: { layer: 'edge' },
  links: {
    hq: {
      peer: '203.0.113.10',
      asn: 65_010,
      routing: 'bgp',
      cidrs: ['192.168.0.0/16'],
      tunnels: ['169.254.10.0/30', '169.254.10.4/30'],
    },
  },
  flowLogDays: 365,
};

function environment(change: Partial<NetworkAgreement> = {}): EnvironmentContract {
  const prod = acme().environments['prod'];
  if (!prod) throw new Error('acme has prod');
  return { ...prod, network: { ...NETWORK, ...change } };
}

const app = (...cidrs: readonly string[]) => ({
  layers: { ...NETWORK.layers, app: { cidrs: [...cidrs], egress: 'nat' as const } },
});
const hq = (change: object) => ({
  links: { hq: { ...NETWORK.links?.['hq'], ...change } } as NetworkAgreement['links'],
});

/** A second link, which differs from the first in nothing but this. */
const another = (change: object) => {
  const first = NETWORK.links?.['hq'] as Link;
  const { tunnels: _, ...second } = first;
  return { links: { hq: first, lab: { ...second, ...change } } };
};

test('has nothing to say about a sound network, or about none', () => {
  expect(lintNetwork(environment())).toEqual([]);
  expect(lintNetwork({ ...environment(), network: undefined })).toEqual([]);
});

test.each<readonly [string, Partial<NetworkAgreement>, string]>([
  [
    'a range that overlaps another',
    app('10.20.1.128/25', '10.20.11.0/24'),
    'network.layers.app: 10.20.1.128/25 overlaps 10.20.1.0/24 of layers.edge',
  ],
  [
    'a range outside the VPC',
    app('10.21.10.0/24', '10.20.11.0/24'),
    "network.layers.app: 10.21.10.0/24 leaves the VPC's 10.20.0.0/16",
  ],
  [
    'a range whose address is not its first',
    app('10.20.10.7/24', '10.20.11.0/24'),
    'network.layers.app: 10.20.10.7/24 is no range; its address must be the first of the range',
  ],
  [
    'a range that AWS finds too small',
    app('10.20.10.0/29', '10.20.11.0/24'),
    'must be between a /16 and a /28',
  ],
  [
    'a range by another address than its first, with the range that was meant',
    app('10.20.10.7/24', '10.20.11.0/24'),
    'did you mean 10.20.10.0/24?',
  ],
  [
    'an address that there is not',
    app('10.20.256.0/24', '10.20.11.0/24'),
    'network.layers.app: 10.20.256.0/24 is no range; its address must be the first of the range; it has four numbers up to 255',
  ],
  [
    'two layers of one name in a template',
    {
      layers: {
        ...NETWORK.layers,
        'data-1': { cidrs: ['10.20.20.0/24', '10.20.21.0/24'], egress: 'none' },
        data1: { cidrs: ['10.20.22.0/24', '10.20.23.0/24'], egress: 'none' },
      },
    },
    'network.layers.data1: has the same letters and digits as data-1, by which a template tells them apart; choose another',
  ],
  [
    'a layer whose name has no place in a template',
    { layers: { ...NETWORK.layers, päge: { cidrs: ['10.20.20.0/24', '10.20.21.0/24'], egress: 'none' } } },
    'network.layers.päge: must be 1 to 61 letters, digits and dashes, a letter first',
  ],
  [
    'a gateway that nobody reaches over the internet',
    hq({ peer: '172.20.1.1' }),
    'network.links.hq.peer: 172.20.1.1 lies in 172.16.0.0/12, and nobody reaches that over the internet; name the public address of the gateway',
  ],
  [
    "the autonomous system of AWS's side",
    hq({ asn: 64_512 }),
    "network.links.hq.asn: 64512 is the number of AWS's side, and BGP takes no route from its own; choose another",
  ],
  [
    'an autonomous system that AWS keeps',
    hq({ asn: 9059 }),
    'network.links.hq.asn: AWS keeps 9059 for itself in eu-west-1; choose another',
  ],
  [
    'premises that no router leads to',
    hq({ cidrs: ['169.254.0.0/16'] }),
    'network.links.hq.cidrs: 169.254.0.0/16 overlaps 169.254.0.0/16, which nothing is routed to',
  ],
  [
    'a zone without a range',
    app('10.20.10.0/24'),
    'network.layers.app.cidrs: 1 range for 2 zones; give one for each zone',
  ],
  [
    'a layer that the contract does not have',
    { layers: { ...NETWORK.layers, data: { cidrs: ['10.20.20.0/24', '10.20.21.0/24'], egress: 'none' } } },
    'network.layers.data: the contract has no such layer',
  ],
  [
    'a layer that is left out',
    { layers: { app: app('10.20.10.0/24', '10.20.11.0/24').layers.app } },
    'network.layers: edge is missing',
  ],
  [
    'a load balancer in a layer that is not there',
    { balancer: { layer: 'front' } },
    'network.balancer.layer: there is no layer front',
  ],
  [
    'premises behind the same addresses',
    hq({ cidrs: ['10.20.128.0/17'] }),
    "network.links.hq.cidrs: 10.20.128.0/17 overlaps the VPC's 10.20.0.0/16, so nothing would be routed there",
  ],
  [
    'tunnels outside the range for them',
    hq({ tunnels: ['169.254.10.0/30', '10.0.0.0/30'] }),
    'network.links.hq.tunnels: 10.0.0.0/30 must be a /30 of 169.254.0.0/16',
  ],
  [
    'a gateway that is no address',
    hq({ peer: '203.0.113.300' }),
    'network.links.hq.peer: 203.0.113.300 is no IPv4 address',
  ],
  [
    'a layer with the name of the subnets that hold NAT gateways',
    {
      layers: { ...NETWORK.layers, public: { cidrs: ['10.20.20.0/24', '10.20.21.0/24'], egress: 'none' } },
    },
    'network.layers.public: this is the name of the subnets of NAT gateways; choose another',
  ],
  [
    'a link with the name of the VPN gateway',
    { links: { gateway: { ...(NETWORK.links?.['hq'] as Link) } } },
    'network.links.gateway: this is the name of the VPN gateway; choose another',
  ],
  [
    'two links to one gateway of the customer',
    another({ cidrs: ['192.169.0.0/16'] }),
    'network.links.lab.peer: 203.0.113.10 is the peer of hq too; give that link all ranges',
  ],
  [
    'two links to the same ranges',
    another({ peer: '203.0.113.11', cidrs: ['192.168.7.0/24'] }),
    'network.links.lab.cidrs: 192.168.7.0/24 overlaps 192.168.0.0/16 of hq, so one of them gets no traffic',
  ],
  [
    'two tunnels with the same inside',
    another({ tunnels: ['169.254.10.0/30', '169.254.11.0/30'] }),
    'network.links.lab.tunnels: 169.254.10.0/30 is inside a tunnel of hq already',
  ],
  [
    'a tunnel with an inside that AWS keeps',
    hq({ tunnels: ['169.254.10.0/30', '169.254.0.0/30'] }),
    'network.links.hq.tunnels: AWS keeps 169.254.0.0/30 for itself',
  ],
])('names %s', (_, change, problem) => {
  expect(lintNetwork(environment(change)).join('\n')).toContain(problem);
});

test.each(['10.0.0.0/8', '10.20.7.0/16', '10.20.0.0/29'])(
  'names a VPC of %s, which AWS would refuse',
  (cidr) => {
    const given = environment();
    expect(lintNetwork({ ...given, vpc: { cidr } })).toEqual([
      expect.stringContaining(
        `vpc.cidr: ${cidr} must be a range between a /16 and a /28, named by its first address`,
      ),
    ]);
  },
);

test.each<readonly [region: string, zones: string[], wrong: readonly string[]]>([
  ['eu-west-1', ['euw1-az1', 'euw1-az3'], []],
  ['eu-west-1', ['euw1-az4', 'euc1-az1', 'euw12-az1'], ['euc1-az1', 'euw12-az1']], // AWS may add a fourth
  ['us-east-1', ['use1-az6', 'use2-az1'], ['use2-az1']],
  ['us-gov-west-1', ['usgw1-az1'], []],
  ['ap-southeast-2', ['apse2-az2'], []],
])('names zones of another region than %s, of %j: %j', (region, zones, wrong) => {
  expect(lintZones({ region, zones }).map((problem) => problem.split(' ')[1])).toEqual(wrong);
});

test('one range is enough for one NAT gateway, and none for one in each zone', () => {
  const nat = (per: 'zone' | 'environment') => ({ nat: { per, cidrs: ['10.20.30.0/28'] } });
  expect(lintNetwork(environment(nat('environment')))).toEqual([]);
  expect(lintNetwork(environment(nat('zone')))).toEqual([
    'network.nat.cidrs: 1 range for 2 zones; give one for each zone',
  ]);
});

test('says of a range that is much too large, or of a VPC elsewhere, that alone', () => {
  expect(lintNetwork(environment(app('10.20.0.0/15', '10.20.11.0/24')))).toEqual([
    'network.layers.app: 10.20.0.0/15 must be between a /16 and a /28',
  ]);
  expect(lintNetwork({ ...environment(), vpc: { cidr: '10.99.0.0/16' } })).toEqual([
    'vpc.cidr: 10.99.0.0/16 has none of the ranges of `network` in it; correct it, or all of them',
  ]);
  expect(lintNetwork({ ...environment(), vpc: { cidr: '127.0.0.0/16' } })).toEqual([
    'vpc.cidr: 127.0.0.0/16 is in 127.0.0.0/8, where AWS makes no VPC',
  ]);
});

test('names every mistake at once', () => {
  const mistakes = lintNetwork(environment({ ...app('10.21.10.0/24'), balancer: { layer: 'front' } }));
  expect(mistakes).toHaveLength(3);
});

test('ids may be absent where a provider makes the network, and nowhere else', () => {
  const { prod, ...others } = acme().environments;
  if (!prod) throw new Error('acme has prod');
  const open = { ...prod, vpc: { cidr: prod.vpc.cidr }, layers: { edge: {}, app: {} } };
  const lint = (environment: EnvironmentContract, more: Partial<TenantContract> = {}) =>
    lintContracts(
      [
        {
          file: 'acme.yaml',
          contract: { ...acme(), ...more, environments: { ...others, prod: environment } },
        },
      ],
      Date.UTC(2026, 10, 24),
    );
  const publishers = ['arn:aws:iam::000011112222:role/contracts'];
  expect(lint({ ...open, network: NETWORK }, { publishers })).toEqual([]);
  expect(lint({ ...open, network: NETWORK })).toEqual([
    expect.stringMatching(/^acme.yaml: publishers: .* foundation of prod cannot be provisioned$/),
  ]);
  expect(lint(open)).toEqual(
    [
      'vpc.id',
      'layers.edge.subnets',
      'layers.edge.securityGroups',
      'layers.app.subnets',
      'layers.app.securityGroups',
    ].map(
      (path) => `acme.yaml: environments.prod.${path}: is missing; without \`network\`, name what is there`,
    ),
  );
});

test('takes an autonomous system of four bytes, of which EC2 has another member', () => {
  expect(lintNetwork(environment(hq({ asn: 4_200_000_001 })))).toEqual([]);
});
