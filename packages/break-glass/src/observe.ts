import { unaccounted } from './account.ts';
import type { BreakGlassWorld, GrantUses } from './ports.ts';
import type { Progress } from './progress.ts';
import type { Snapshot } from './snapshot.ts';

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
