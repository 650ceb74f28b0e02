import { isIPv4 } from 'node:net';
import { judged } from '@tenant-delivery/action-kit/readable';
import { between, contains, isRange, overlap, pairs } from './address-ranges.ts';
import type { EnvironmentContract } from './contract.ts';
import { meant } from './lint-ranges.ts';
import type { Link, NetworkAgreement } from './network-agreement.ts';

/** Each link to the customer's premises, alone and beside the others. */
export function lintLinks(environment: EnvironmentContract, network: NetworkAgreement): readonly string[] {
  const links = network.links ?? {};
  return judged(
    ...Object.keys(links).map((name) => () => lintLink(environment, network, name, links[name] as Link)), // one of its keys
    () => lintBesideOthers(links),
  );
}

function lintLink(
  environment: EnvironmentContract,
  { layers }: NetworkAgreement,
  name: string,
  link: Link,
): readonly string[] {
  return judged(
    () => (Object.hasOwn(layers, name) ? [`: a layer has that name too`] : []),
    () => lintPeer(link).map((problem) => `.peer: ${problem}`),
    () => lintAsn(link, environment.region).map((problem) => `.asn: ${problem}`),
    () => lintPremises(link, environment.vpc.cidr).map((problem) => `.cidrs: ${problem}`),
    () =>
      (link.tunnels ?? [])
        .filter((cidr) => !isRange(cidr) || !contains('169.254.0.0/16', cidr) || !between(cidr, 30, 30))
        .map((cidr) => `.tunnels: ${cidr} must be a /30 of 169.254.0.0/16`),
  ).map((problem) => `links.${name}${problem}`);
}

/** Addresses that no router of the internet knows: a gateway of the customer has none of them (RFC 6890). */
const PRIVATE = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '224.0.0.0/3',
];

function lintPeer({ peer }: Link): readonly string[] {
  if (!isIPv4(peer)) return [`${peer} is no IPv4 address`];
  const range = PRIVATE.find((each) => contains(each, `${peer}/32`));
  return range === undefined
    ? []
    : [
        `${peer} lies in ${range}, and nobody reaches that over the internet; name the public address of the gateway`,
      ];
}

const OUR_ASN = 64_512; // of a VPN gateway for which nobody chose one ("AWS::EC2::VPNGateway")

/** Numbers of customers that EC2 takes nowhere else than in these regions ("CreateCustomerGateway"). */
const TAKEN_ASNS: Readonly<Record<string, number>> = { 'us-east-1': 7224, 'eu-west-1': 9059 };

function lintAsn({ asn, routing }: Link, region: string): readonly string[] {
  if (routing === 'bgp' && asn === OUR_ASN)
    return [`${asn} is the number of AWS's side, and BGP takes no route from its own; choose another`];
  return asn === TAKEN_ASNS[region] ? [`AWS keeps ${asn} for itself in ${region}; choose another`] : [];
}

/** Ranges that no customer's premises have: no router passes them on. */
const NO_PREMISES = ['127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'];

function lintPremises({ cidrs }: Link, vpc: string): readonly string[] {
  return cidrs.flatMap((cidr) => {
    if (!isRange(cidr)) return [`${cidr} is no range${meant(cidr)}`];
    if (isRange(vpc) && overlap(cidr, vpc))
      return [`${cidr} overlaps the VPC's ${vpc}, so nothing would be routed there`];
    const own = NO_PREMISES.find((range) => overlap(range, cidr));
    return own === undefined ? [] : [`${cidr} overlaps ${own}, which nothing is routed to`];
  });
}

/** What two links cannot both have: a gateway of the customer, what lies behind it, and the inside of a tunnel. */
function lintBesideOthers(links: Readonly<Record<string, Link>>): readonly string[] {
  const all = Object.entries(links);
  const tunnels = all.flatMap(([name, link]) => (link.tunnels ?? []).map((cidr) => ({ name, cidr })));
  return judged(
    () =>
      pairs(all)
        .filter(([[, a], [, b]]) => a.peer === b.peer)
        .map(
          ([[a], [b, { peer }]]) =>
            `links.${b}.peer: ${peer} is the peer of ${a} too; give that link all ranges`,
        ),
    () =>
      pairs(all).flatMap(([[a, first], [b, second]]) =>
        second.cidrs.flatMap((cidr) =>
          first.cidrs
            .filter((other) => isRange(cidr) && isRange(other) && overlap(cidr, other))
            .map(
              (other) =>
                `links.${b}.cidrs: ${cidr} overlaps ${other} of ${a}, so one of them gets no traffic`,
            ),
        ),
      ),
    () =>
      pairs(tunnels)
        .filter(([a, b]) => a.cidr === b.cidr)
        .map(([a, b]) => `links.${b.name}.tunnels: ${b.cidr} is inside a tunnel of ${a.name} already`),
    () =>
      tunnels
        .filter(({ cidr }) => RESERVED.includes(cidr))
        .map(({ name, cidr }) => `links.${name}.tunnels: AWS keeps ${cidr} for itself`),
  );
}

/** "Tunnel options for your Site-to-Site VPN connection". */
const RESERVED: readonly string[] = [
  ...[0, 1, 2, 3, 4, 5].map((third) => `169.254.${third}.0/30`),
  '169.254.169.252/30',
];
