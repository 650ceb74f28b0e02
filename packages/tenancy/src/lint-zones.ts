import { nearest } from '@tenant-delivery/domain';
import type { EnvironmentContract } from './contract.ts';

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

/**
 * Zones whose name belongs to another region. How many zones a region has is AWS's to say, and it adds some: the plan of a
 * network asks EC2.
 */
export function lintZones({
  region,
  zones,
}: Pick<EnvironmentContract, 'region' | 'zones'>): readonly string[] {
  const prefix = zonePrefix(region);
  return zones
    .filter((zone) => !zone.startsWith(`${prefix}-az`))
    .map((zone) => `zones: ${zone} is no zone of ${region}, whose zones begin with ${prefix}-az`);
}

const WAYS = ['north', 'south', 'east', 'west', 'central', ...Object.keys(DIRECTIONS)];

/** AWS adds regions, and names them all alike: what comes before the number is a direction. */
export function lintRegion({ region }: Pick<EnvironmentContract, 'region'>): readonly string[] {
  const [way = '', number] = region.split('-').slice(-2);
  if (WAYS.includes(way)) return [];
  const near = nearest(way, WAYS);
  const meant = near && region.replace(`${way}-${number}`, `${near}-${number}`);
  return [`region: AWS has no region ${region}${meant ? `; did you mean ${meant}?` : ''}`];
}
