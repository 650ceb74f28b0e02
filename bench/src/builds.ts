import type { Figure } from './figure.ts';
import { freshBuild } from './fresh-build.ts';
import { unchangedBuild } from './unchanged-build.ts';

/** A source that was built before, and one that was not. */
export async function builds(): Promise<readonly Figure[]> {
  return [await unchangedBuild(), ...(await freshBuild())];
}
