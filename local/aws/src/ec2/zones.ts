import type {
  DescribeAvailabilityZonesCommandInput,
  DescribeAvailabilityZonesCommandOutput,
} from '@aws-sdk/client-ec2';
import type { Output } from '../services/output.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { filtered } from './asked.ts';

export interface Zone {
  readonly name: string;
  readonly id: string;
}

/** The zones that accounts get, by the number in their ids; other regions have three ("AWS Regions and Availability Zones"). */
const NUMBERS: Readonly<Record<string, readonly number[]>> = {
  'us-east-1': [1, 2, 3, 4, 5, 6],
  'us-west-1': [1, 3],
  'us-west-2': [1, 2, 3, 4],
  'ap-northeast-1': [1, 2, 4],
  'ap-northeast-2': [1, 2, 3, 4],
  'ca-central-1': [1, 2, 4],
  'cn-north-1': [1, 2, 4],
};

const DIRECTIONS: Readonly<Record<string, string>> = {
  northeast: 'ne',
  southeast: 'se',
  northwest: 'nw',
  southwest: 'sw',
};

/** `eu-west-1` begins its zones with `euw1`, `us-gov-east-1` with `usge1`. */
function shortOf(region: string): string {
  const [area = '', ...rest] = region.split('-');
  return area + rest.map((part) => DIRECTIONS[part] ?? part.charAt(0)).join('');
}

/** `euw1-az2` as this account names it: `eu-west-1b`. Here every account has the same order. */
export function zoneName(region: string, zoneId: string): string {
  const number = Number(/az(\d+)$/.exec(zoneId)?.[1] ?? 1);
  return `${region}${String.fromCharCode(96 + number)}`;
}

export function zonesOf(region: string): readonly Zone[] {
  return (NUMBERS[region] ?? [1, 2, 3]).map((number) => {
    const id = `${shortOf(region)}-az${number}`;
    return { id, name: zoneName(region, id) };
  });
}

/** The zone that is asked for by name or by id, else the first. */
export function zoneAsked(
  region: string,
  { AvailabilityZone: name, AvailabilityZoneId: id }: ZoneAsked,
): Zone {
  const zones = zonesOf(region);
  const found = zones.find(
    (zone) => (id === undefined || zone.id === id) && (name === undefined || zone.name === name),
  );
  if (found) return found;
  const [value, parameter, known] =
    id === undefined
      ? [name, 'availabilityZone', zones.map((zone) => zone.name)]
      : [id, 'availabilityZoneId', zones.map((zone) => zone.id)];
  throw new AwsError(
    'InvalidParameterValue',
    `Value (${value}) for parameter ${parameter} is invalid. Subnets can currently only be created in the following availability zones: ${known.join(', ')}.`,
  );
}

interface ZoneAsked {
  readonly AvailabilityZone?: string | undefined;
  readonly AvailabilityZoneId?: string | undefined;
}

export const zoneOperations: Readonly<Record<string, Handler>> = {
  DescribeAvailabilityZones: describeAvailabilityZones,
};

function describeAvailabilityZones(
  input: DescribeAvailabilityZonesCommandInput,
  { region }: Call,
): Output<DescribeAvailabilityZonesCommandOutput> {
  const { ZoneNames: names, ZoneIds: ids, Filters } = input;
  const zones = zonesOf(region);
  const absent = [
    ...(names ?? []).filter((name) => !zones.some((zone) => zone.name === name)),
    ...(ids ?? []).filter((id) => !zones.some((zone) => zone.id === id)),
  ];
  if (absent.length > 0)
    throw new AwsError('InvalidParameterValue', `Invalid availability zone: [${absent.join(', ')}]`);
  const asked = zones
    .filter(({ name }) => names?.includes(name) ?? true)
    .filter(({ id }) => ids?.includes(id) ?? true)
    .map((zone) => ({ ...zone, tags: {} }));
  const found = filtered(asked, Filters, {
    'zone-name': ({ name }) => name,
    'zone-id': ({ id }) => id,
    'region-name': () => region,
    state: () => 'available',
    'zone-type': () => 'availability-zone',
    'opt-in-status': () => 'opt-in-not-required',
  });
  return {
    AvailabilityZones: found.map(({ name, id }) => ({
      ZoneName: name,
      ZoneId: id,
      State: 'available',
      RegionName: region,
      ZoneType: 'availability-zone',
      GroupName: region,
      OptInStatus: 'opt-in-not-required',
      NetworkBorderGroup: region,
      Messages: [],
    })),
  };
}
