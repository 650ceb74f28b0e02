import { judged } from '@tenant-delivery/action-kit/readable';
import { between, contains, firstOf, isAddress, isRange, overlap, pairs } from './address-ranges.ts';
import type { EnvironmentContract } from './contract.ts';
import type { NetworkAgreement } from './network-agreement.ts';

interface Range {
  readonly at: string;
  readonly cidr: string;
}

/** Ranges in which EC2 makes no VPC ("VPC CIDR blocks"). */
const NO_VPC = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4'];

/** The VPC's own range: one that EC2 takes, and that has the subnets in it. */
export function lintVpc(
  { vpc: { cidr } }: EnvironmentContract,
  network: NetworkAgreement,
): readonly string[] {
  if (!isVpc(cidr))
    return [
      `vpc.cidr: ${cidr} must be a range between a /16 and a /28, named by its first address${meant(cidr)}`,
    ];
  const reserved = NO_VPC.find((range) => overlap(range, cidr));
  if (reserved !== undefined) return [`vpc.cidr: ${cidr} is in ${reserved}, where AWS makes no VPC`];
  return hasNone(cidr, subnetsOf(network))
    ? [`vpc.cidr: ${cidr} has none of the ranges of \`network\` in it; correct it, or all of them`]
    : [];
}

function isVpc(cidr: string): boolean {
  return isRange(cidr) && between(cidr, 16, 28);
}

function hasNone(vpc: string, subnets: readonly Range[]): boolean {
  const ranges = subnets.filter(({ cidr }) => isRange(cidr));
  return ranges.length > 1 && !ranges.some(({ cidr }) => overlap(vpc, cidr));
}

function subnetsOf({ layers, nat }: NetworkAgreement): readonly Range[] {
  return [
    ...Object.entries(layers).flatMap(([layer, { cidrs }]) =>
      cidrs.map((cidr) => ({ at: `layers.${layer}`, cidr })),
    ),
    ...nat.cidrs.map((cidr) => ({ at: 'nat', cidr })),
  ];
}

/** The ranges of the subnets: as many as there are zones, in the VPC, and beside one another. */
export function lintRanges(environment: EnvironmentContract, network: NetworkAgreement): readonly string[] {
  const { layers, nat } = network;
  return judged(
    ...Object.keys(layers).map(
      (layer) => () => lintCount(environment, `layers.${layer}.cidrs`, layers[layer]?.cidrs.length ?? 0),
    ),
    () =>
      nat.per === 'environment' && nat.cidrs.length === 1
        ? []
        : lintCount(environment, 'nat.cidrs', nat.cidrs.length),
    () => subnetsOf(network).flatMap(lintRange),
    () => lintWithin(environment, subnetsOf(network)),
    () =>
      pairs(subnetsOf(network).filter(isSubnet))
        .filter(([a, b]) => overlap(a.cidr, b.cidr))
        .map(([a, b]) => `${b.at}: ${b.cidr} overlaps ${a.cidr} of ${a.at}`),
  );
}

function lintCount({ zones }: EnvironmentContract, at: string, ranges: number): readonly string[] {
  if (ranges === zones.length) return [];
  const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`;
  return [`${at}: ${count(ranges, 'range')} for ${count(zones.length, 'zone')}; give one for each zone`];
}

function lintRange({ at, cidr }: Range): readonly string[] {
  if (!isRange(cidr))
    return [`${at}: ${cidr} is no range; its address must be the first of the range${meant(cidr)}`];
  return between(cidr, 16, 28) ? [] : [`${at}: ${cidr} must be between a /16 and a /28`]; // "VPC CIDR blocks", subnet sizing
}

/** A range that is much too large overlaps all others, which says nothing of them. */
function isSubnet({ cidr }: Range): boolean {
  return isRange(cidr) && between(cidr, 16, 32);
}

function lintWithin(
  { vpc: { cidr: vpc } }: EnvironmentContract,
  subnets: readonly Range[],
): readonly string[] {
  if (!isVpc(vpc) || hasNone(vpc, subnets)) return [];
  return subnets
    .filter(isSubnet)
    .filter(({ cidr }) => !contains(vpc, cidr))
    .map(({ at, cidr }) => `${at}: ${cidr} leaves the VPC's ${vpc}`);
}

/** What the range would be called by its first address, where that is the only mistake. */
export function meant(cidr: string): string {
  if (!isAddress(cidr)) return '; it has four numbers up to 255, and a length up to 32';
  return isRange(cidr) ? '' : `; did you mean ${firstOf(cidr)}?`;
}
