import type { World } from '../world/world.ts';
import type { Making, Properties } from './resource-type.ts';

type Place = Pick<Making, 'account' | 'region'>;

/**
 * What stacks said of resources beyond what the services here keep, by physical id. A type's `read` lays the live state
 * over it, so that a change by hand is seen where the service knows the property.
 */
export function describedOf(
  world: World,
  { account, region }: Place,
  type: string,
): Record<string, Properties> {
  return world.state<Record<string, Properties>>(`described ${type}`, account, region, () => ({}));
}

export function describe(world: World, place: Place, type: string, id: string, properties: Properties): void {
  describedOf(world, place, type)[id] = properties;
  world.touched();
}

export function forget(world: World, place: Place, type: string, id: string): void {
  delete describedOf(world, place, type)[id];
  world.touched();
}
