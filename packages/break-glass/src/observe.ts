import { MINUTE } from '@tenant-delivery/domain';
import type { BreakGlassWorld, GrantUses } from './ports.ts';
import type { Grant, Progress } from './progress.ts';
import type { Snapshot } from './snapshot.ts';

/** CloudTrail tells of a call within a quarter of an hour, and a session may have made it just before its end. */
export const TOLD = 20 * MINUTE;

const MOST_LOOKUPS = 8; // two requests a second are allowed in an account and region

/** Grants that are over, of which the record does not say yet what was done with them, and CloudTrail does. */
export function unaccounted({ grants }: Progress, now: number): readonly Grant[] {
  return grants.filter(({ over, used }) => over && !used && now >= over.at + TOLD).slice(0, MOST_LOOKUPS);
}

export async function observeBreakGlass(
  { caller, role, trail }: BreakGlassWorld,
  progress: Progress,
  now: number,
): Promise<Snapshot> {
  const [identity, described, guard] = await Promise.all([caller.identity(), role.describe(), role.guard()]);
  const uses: Record<string, GrantUses> = {};
  for (const { grant, from } of unaccounted(progress, now)) uses[grant] = await trail.uses(grant, from);
  return { caller: identity, role: described, guard, uses };
}
