import type { Reported } from '../credential-kind.ts';
import { sightSecret } from '../report/sight-secret.ts';
import type { Look } from '../report/sighting.ts';
import { NOTHING, type ReportWorld, sightEach } from '../report/world.ts';

/** A secret that tasks are given or pull with is as old as its current version. */
export async function look(
  world: ReportWorld,
  credentials: readonly Reported<{ readonly id: string; readonly secret: string }>[],
): Promise<Look> {
  const sightings = await sightEach(world, credentials, ({ secret }) => sightSecret(world, secret));
  return { ...NOTHING, sightings };
}
