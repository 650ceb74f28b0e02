import type { Failure } from '@tenant-delivery/action-kit/failure';
import { type Digest, isPart, type Part, type Target } from '@tenant-delivery/domain';
import { type Asking, judgePlace } from './admission.ts';
import type { EnvironmentContract, TenantContract } from './contract.ts';
import type { Environment } from './derived-names.ts';
import { failures } from './failures.ts';
import type { SignedContract } from './sealed-contract.ts';
import type { SeenContract } from './seen-serials.ts';

/** What the signed contract says of a part of an environment, for the operations repository. */
export interface StacksAdmission {
  /** Its `service` is the part. */
  readonly target: Target;
  readonly contract: TenantContract;
  readonly contractDigest: Digest;
  readonly environment: EnvironmentContract;
  readonly part: Part;
  readonly repository: 'operations';
}

/** As `judgeAdmission`, for what is provisioned: no customer's repository asks for it, whatever it delivers. */
export function judgeStacks(
  signed: SignedContract,
  { part, ...place }: Environment & { readonly part: Part },
  asking: Asking,
  now: number,
  seen: SeenContract | undefined,
): { readonly admission: StacksAdmission } | { readonly breaches: readonly Failure[] } {
  const { contract, digest } = signed;
  const { environment, listed, breaches: ofPlace } = judgePlace(signed, place, asking, now, seen);
  const taken = Object.keys(environment?.services ?? {}).filter(isPart);
  const why = [
    ...(environment
      ? []
      : [
          `the contract of ${contract.id} has no environment ${place.environment} (it has ${Object.keys(contract.environments).join(', ')})`,
        ]),
    ...(listed?.right === 'customer'
      ? [`only ${contract.operations.repository} may provision, and this is ${asking.repository}`]
      : []),
    // their changes would lie in the same place of the vault
    ...taken.map((service) => `the contract has a service that is called ${service}, as a part is`),
  ];
  const breaches = why.length > 0 ? [...ofPlace, failures.provisioningNotAgreed(part, why)] : ofPlace;
  if (breaches.length > 0 || !environment) return { breaches };
  return {
    admission: {
      target: { ...place, service: part },
      contract,
      contractDigest: digest,
      environment,
      part,
      repository: 'operations',
    },
  };
}
