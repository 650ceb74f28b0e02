import { type BreakGlassAdmission, judgeBreakGlass } from '@tenant-delivery/tenancy/break-glass';
import type { Environment } from '@tenant-delivery/tenancy/derived-names';
import { joined, publishedContract } from './admit.ts';
import type { AdmissionWorld } from './world.ts';

/** As `admit`, for grants: asks the environment's own vault whether this job may open, close or list them. */
export async function admitBreakGlass(
  world: AdmissionWorld,
  place: Environment,
  wish: { readonly journal: string; readonly changes: boolean },
): Promise<BreakGlassAdmission> {
  const { identity, claims } = world;
  const { signed, seen, now } = await publishedContract(world, place);
  const asking = { ...claims, ...identity, jobEnvironment: claims.environment };
  const judged = judgeBreakGlass(signed, { ...wish, place }, asking, now, seen);
  if ('admission' in judged) return judged.admission;
  throw joined(judged.breaches);
}
