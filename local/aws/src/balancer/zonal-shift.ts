import type { World } from '../world/world.ts';

/** Zones that somebody moved all traffic away from, on purpose; plain data. */
function shiftsOf(world: World, account: string, region: string): { zones: string[] } {
  return world.state('zonal-shift', account, region, () => ({ zones: [] as string[] }));
}

/** Moves traffic away from a zone (`eu-west-1a`), or back again. Targets there stay healthy and get no requests. */
export function shiftZone(
  world: World,
  account: string,
  region: string,
  zone: string,
  way: 'away' | 'back',
): void {
  const shifts = shiftsOf(world, account, region);
  shifts.zones = shifts.zones.filter((one) => one !== zone);
  if (way === 'away') shifts.zones.push(zone);
  world.touched();
}

export function isShiftedAway(world: World, account: string, region: string, zone: string): boolean {
  return shiftsOf(world, account, region).zones.includes(zone);
}
