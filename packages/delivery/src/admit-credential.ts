import {
  type CredentialAdmission,
  type CredentialWish,
  judgeCredential,
} from '@tenant-delivery/tenancy/credential-admission';
import type { Environment } from '@tenant-delivery/tenancy/derived-names';
import { joined, publishedContract } from './admit.ts';
import type { AdmissionWorld } from './world.ts';

/** As `admit`, for a rotation: asks the environment's own vault whether this job may rotate that credential. */
export async function admitCredential(
  world: AdmissionWorld,
  place: Environment,
  wish: CredentialWish,
): Promise<CredentialAdmission> {
  const { identity, claims } = world;
  const { signed, seen, now } = await publishedContract(world, place);
  const asking = { ...claims, ...identity, jobEnvironment: claims.environment };
  const judged = judgeCredential(signed, { ...wish, place }, asking, now, seen);
  if ('admission' in judged) return judged.admission;
  throw joined(judged.breaches);
}
