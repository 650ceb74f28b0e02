import { Failure } from '@tenant-delivery/action-kit/failure';
import type { Target } from '@tenant-delivery/domain';
import { type Admission, judgeAdmission } from '@tenant-delivery/tenancy/admission';
import { openFound } from '@tenant-delivery/tenancy/contract-in-force';
import type { Environment } from '@tenant-delivery/tenancy/derived-names';
import type { AdmissionWorld } from './world.ts';

/**
 * Asks the target's own vault whether this job may deliver there. Changes nothing.
 * Throws the failure of the first breach, with a line for each further one.
 */
export async function admit(world: AdmissionWorld, target: Target): Promise<Admission> {
  const { identity, claims } = world;
  const { signed, seen, now } = await publishedContract(world, target);
  const judged = judgeAdmission(signed, target, { ...claims, ...identity }, now, seen);
  if ('admission' in judged) return judged.admission;
  throw joined(judged.breaches);
}

/** The contract from the environment's own vault, with its signature checked, and the newest one that was in force. */
export async function publishedContract(
  { contract, trust, clock }: Pick<AdmissionWorld, 'contract' | 'trust' | 'clock'>,
  target: Environment,
) {
  const found = await contract();
  const now = clock.now();
  return { signed: openFound(found, await trust, target, now), seen: found.seen, now };
}

/** One failure of several: the first, with a line for each further one. */
export function joined(breaches: readonly Failure[]): Failure {
  const [first, ...others] = breaches;
  if (!first) throw new TypeError('no breach to report');
  if (others.length === 0) return first;
  const details = [...first.details, ...others.map(({ code, message }) => `${code}: ${message}`)];
  return new Failure(first.code, first.message, first.remedy, { details, cause: others[0] });
}
