import type { Reported } from '../credential-kind.ts';
import { sightSecret } from '../report/sight-secret.ts';
import type { Look } from '../report/sighting.ts';
import { NOTHING, type ReportWorld, sightEach } from '../report/world.ts';
import type { GithubAppKey } from './terms.ts';

/** The private key of an App is as old as the current version of its escrow: it came there on that day. */
export async function look(
  world: ReportWorld,
  credentials: readonly Reported<GithubAppKey>[],
): Promise<Look> {
  const sightings = await sightEach(world, credentials, ({ escrow }) => sightSecret(world, escrow));
  return { ...NOTHING, sightings };
}
