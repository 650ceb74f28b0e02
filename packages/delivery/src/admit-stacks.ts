import type { Part, Target } from '@tenant-delivery/domain';
import { judgeStacks, type StacksAdmission } from '@tenant-delivery/tenancy/stacks-admission';
import { joined, publishedContract } from './admit.ts';
import type { AdmissionWorld } from './world.ts';

/** As `admit`, for a part of an environment: asks its own vault whether this job may provision it. */
export async function admitStacks(
  world: AdmissionWorld,
  place: Omit<Target, 'service'> & { readonly part: Part },
): Promise<StacksAdmission> {
  const { identity, claims } = world;
  const { signed, seen, now } = await publishedContract(world, place);
  const judged = judgeStacks(signed, place, { ...claims, ...identity }, now, seen);
  if ('admission' in judged) return judged.admission;
  throw joined(judged.breaches);
}
