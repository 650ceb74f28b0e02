import type { EnvironmentContract } from './contract.ts';

/** Zones of a region that has more than three ("AWS Regions and Availability Zones"). */
const ZONES: Readonly<Record<string, number>> = {
  'us-east-1': 6,
  'us-west-2': 4,
  'ap-northeast-1': 4,
  'ap-northeast-2': 4,
  'ca-central-1': 4,
  'cn-north-1': 4,
};

const DIRECTIONS: Readonly<Record<string, string>> = {
  northeast: 'ne',
  northwest: 'nw',
  southeast: 'se',
  southwest: 'sw',
};

/** With what the ids of a region's zones begin: `euw1` of `eu-west-1`, `usge1` of `us-gov-east-1`. */
function zonePrefix(region: string): string {
  const [area = '', ...parts] = region.split('-');
  return area + parts.map((part) => DIRECTIONS[part] ?? part.charAt(0)).join('');
}

/** Zones that the region does not have. EC2 would say so only when the network is half made. */
export function lintZones({
  region,
  zones,
}: Pick<EnvironmentContract, 'region' | 'zones'>): readonly string[] {
  const last = ZONES[region] ?? 3;
  const known = Array.from({ length: last }, (_, i) => `${zonePrefix(region)}-az${i + 1}`);
  return zones
    .filter((zone) => !known.includes(zone))
    .map((zone) => `zones: ${zone} is no zone of ${region}, which has ${known[0]} to ${known.at(-1)}`);
}
