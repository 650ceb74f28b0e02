import type { World } from '../world/world.ts';

interface Places {
  readonly known: { readonly account: string; readonly region: string }[];
}

/** Accounts and regions in which there are stacks. */
export function stackPlaces(world: World): Places['known'] {
  return world.state<Places>('cloudformation-places', '', '', () => ({ known: [] })).known;
}

/** After a start with saved state: goes on with what a stack was at. */
export async function resumeStacks(world: World): Promise<void> {
  if (stackPlaces(world).length === 0) return;
  const { resumeCloudFormation } = await import('./engine/engine.ts');
  resumeCloudFormation(world);
}
