import type { AgreedCredential, Reported } from '../credential-kind.ts';
import { sightSecret } from './sight-secret.ts';
import type { Look } from './sighting.ts';
import { NOTHING, type ReportWorld, sightEach } from './world.ts';

type InSecret =
  | Reported<AgreedCredential & { readonly secret: string }>
  | Reported<AgreedCredential & { readonly escrow: string }>;

/**
 * Of a kind that is as old as the current version of its secret: what tasks are given or pull with, and what people bring
 * into escrow.
 */
export async function look(world: ReportWorld, credentials: readonly InSecret[]): Promise<Look> {
  const sightings = await sightEach(world, credentials, (one) =>
    sightSecret(world, 'secret' in one ? one.secret : one.escrow),
  );
  return { ...NOTHING, sightings };
}
