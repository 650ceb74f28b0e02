import { isIPv4 } from 'node:net';
import { between, contains, isRange, overlap, pairs } from './address-ranges.ts';
import type { EnvironmentContract } from './contract.ts';
import type { NetworkAgreement } from './network-agreement.ts';

/** What AWS would refuse of a network, or what would not work once it is made; every mistake at once. */
export function lintNetwork(environment: EnvironmentContract): readonly string[] {
  const { network, layers } = environment;
  if (network === undefined) return [];
  const named = Object.keys(network.layers);
  const there = (place: string, layer: string) =>
    named.includes(layer) ? [] : [`${place}.layer: there is no layer ${layer}`];
  const own = [
    ...named
      .filter((layer) => layers[layer] === undefined)
      .map((layer) => `layers.${layer}: the contract has no such layer`),
    ...Object.keys(layers)
      .filter((layer) => !named.includes(layer))
      .map((layer) => `layers: ${layer} is missing`),
    ...there('endpoints', network.endpoints.layer),
    ...there('balancer', network.balancer.layer),
    ...lintNames('layers', named),
    ...lintNames('links', Object.keys(network.links ?? {})),
    ...lintRanges(environment, network),
    ...lintLinks(environment, network),
    ...lintBesideOthers(network),
  ].map((problem) => `network.${problem}`);
  const { cidr } = environment.vpc;
  return isRange(cidr) && between(cidr, 16, 28)
    ? own
    : [`vpc.cidr: ${cidr} must be a range between a /16 and a /28, named by its first address`, ...own];
}

/** Layers and links whose resources in the network's template would have the names of others. */
const TAKEN = {
  layers: { public: 'the subnets of NAT gateways', endpoints: 'the group of the endpoints' },
  links: {
    gateway: 'the VPN gateway',
    'gateway-attachment': 'its attachment',
    routes: 'the routes that it spreads',
  },
} as const;

function lintNames(of: keyof typeof TAKEN, names: readonly string[]): readonly string[] {
  const taken: Readonly<Record<string, string>> = TAKEN[of];
  return names
    .filter((name) => taken[name] !== undefined)
    .map((name) => `${of}.${name}: this is the name of ${taken[name]}; choose another`);
}

interface Range {
  readonly at: string;
  readonly cidr: string;
}

function lintRanges({ vpc, zones }: EnvironmentContract, network: NetworkAgreement): readonly string[] {
  const ofZones = (at: string, cidrs: readonly string[]) =>
    cidrs.length === zones.length
      ? []
      : [`${at}: ${cidrs.length} ranges for ${zones.length} zones; give one for each zone`];
  const subnets: readonly Range[] = [
    ...Object.entries(network.layers).flatMap(([layer, { cidrs }]) =>
      cidrs.map((cidr) => ({ at: `layers.${layer}`, cidr })),
    ),
    ...network.nat.cidrs.map((cidr) => ({ at: 'nat', cidr })),
  ];
  const sound = subnets.filter(({ cidr }) => isRange(cidr));
  return [
    ...Object.entries(network.layers).flatMap(([layer, { cidrs }]) =>
      ofZones(`layers.${layer}.cidrs`, cidrs),
    ),
    ...ofZones('nat.cidrs', network.nat.cidrs),
    ...subnets
      .filter(({ cidr }) => !isRange(cidr))
      .map(({ at, cidr }) => `${at}: ${cidr} is no range; its address must be the first of the range`),
    ...sound
      .filter(({ cidr }) => !between(cidr, 16, 28)) // "VPC CIDR blocks", subnet sizing
      .map(({ at, cidr }) => `${at}: ${cidr} must be between a /16 and a /28`),
    ...sound
      .filter(({ cidr }) => isRange(vpc.cidr) && !contains(vpc.cidr, cidr))
      .map(({ at, cidr }) => `${at}: ${cidr} leaves the VPC's ${vpc.cidr}`),
    ...pairs(sound)
      .filter(([a, b]) => overlap(a.cidr, b.cidr))
      .map(([a, b]) => `${b.at}: ${b.cidr} overlaps ${a.cidr} of ${a.at}`),
  ];
}

function lintLinks(
  { vpc }: EnvironmentContract,
  { links = {}, layers }: NetworkAgreement,
): readonly string[] {
  return Object.entries(links).flatMap(([name, { cidrs, tunnels = [], peer }]) => [
    ...(layers[name] === undefined ? [] : [`links.${name}: a layer has that name too`]),
    ...(isIPv4(peer) ? [] : [`links.${name}.peer: ${peer} is no IPv4 address`]),
    ...cidrs.filter((cidr) => !isRange(cidr)).map((cidr) => `links.${name}.cidrs: ${cidr} is no range`),
    ...cidrs
      .filter((cidr) => isRange(cidr) && isRange(vpc.cidr) && overlap(cidr, vpc.cidr))
      .map(
        (cidr) =>
          `links.${name}.cidrs: ${cidr} overlaps the VPC's ${vpc.cidr}, so nothing would be routed there`,
      ),
    ...tunnels
      .filter((cidr) => !isRange(cidr) || !contains('169.254.0.0/16', cidr) || !between(cidr, 30, 30))
      .map((cidr) => `links.${name}.tunnels: ${cidr} must be a /30 of 169.254.0.0/16`),
  ]);
}

/** What two links cannot both have: a gateway of the customer, what lies behind it, and the inside of a tunnel. */
function lintBesideOthers({ links = {} }: NetworkAgreement): readonly string[] {
  const all = Object.entries(links);
  const tunnels = all.flatMap(([name, link]) => (link.tunnels ?? []).map((cidr) => ({ name, cidr })));
  return [
    ...pairs(all)
      .filter(([[, a], [, b]]) => a.peer === b.peer)
      .map(
        ([[a], [b, { peer }]]) =>
          `links.${b}.peer: ${peer} is the peer of ${a} too; give that link all ranges`,
      ),
    ...pairs(all).flatMap(([[a, first], [b, second]]) =>
      second.cidrs.flatMap((cidr) =>
        first.cidrs
          .filter((other) => isRange(cidr) && isRange(other) && overlap(cidr, other))
          .map(
            (other) => `links.${b}.cidrs: ${cidr} overlaps ${other} of ${a}, so one of them gets no traffic`,
          ),
      ),
    ),
    ...pairs(tunnels)
      .filter(([a, b]) => a.cidr === b.cidr)
      .map(([a, b]) => `links.${b.name}.tunnels: ${b.cidr} is inside a tunnel of ${a.name} already`),
    ...tunnels
      .filter(({ cidr }) => RESERVED.includes(cidr))
      .map(({ name, cidr }) => `links.${name}.tunnels: AWS keeps ${cidr} for itself`),
  ];
}

/** "Tunnel options for your Site-to-Site VPN connection". */
const RESERVED: readonly string[] = [
  ...[0, 1, 2, 3, 4, 5].map((third) => `169.254.${third}.0/30`),
  '169.254.169.252/30',
];

/** Each service that is to be made needs a network to be made in, and a way to be reached that no other service has. */
export function lintRoutes({ services, network, probe }: EnvironmentContract): readonly string[] {
  const routes = Object.entries(services).flatMap(([service, { provision }]) =>
    provision === undefined ? [] : [{ service, ...provision.route }],
  );
  const wanted = (says: string) => routes.map(({ service }) => `services.${service}.provision: ${says}`);
  return [
    ...(network === undefined ? wanted('the environment has no network to make it in') : []),
    ...(probe === undefined
      ? wanted('it starts with the image of probe, which the environment does not name')
      : []),
    ...routes
      .filter(({ paths, hosts }) => paths === undefined && hosts === undefined)
      .map(({ service }) => `services.${service}.provision.route: name paths or hosts`),
    ...pairs(routes)
      .filter(([a, b]) => a.priority === b.priority)
      .map(
        ([a, b]) =>
          `services.${b.service}.provision.route.priority: ${b.priority} is the priority of ${a.service} too`,
      ),
  ];
}
