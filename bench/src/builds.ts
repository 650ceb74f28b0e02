import type { Figure } from './figure.ts';
import { freshBuild } from './fresh-build.ts';
import { largeContext } from './large-context.ts';
import { unchangedBuild } from './unchanged-build.ts';

/** A source that was built before, one that was not, and a large one. */
export async function builds(): Promise<readonly Figure[]> {
  return [await unchangedBuild(), ...(await freshBuild()), await largeContext()];
}
