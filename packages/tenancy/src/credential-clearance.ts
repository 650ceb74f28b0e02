import type { Digest } from '@tenant-delivery/domain';
import { judgeCaller, type Seen } from './clearance.ts';
import type { CredentialAdmission } from './credential-admission.ts';
import type { Credential } from './credential-terms.ts';
import type { Environment } from './derived-names.ts';
import { failures } from './failures.ts';

const VALID = 10 * 60_000; // milliseconds between looking and making the clients that act

declare const minted: unique symbol;

/**
 * This account, role and user were looked at and are what the signed contract names for the credential. What a
 * `Clearance` is to a delivery this is to a rotation: only `clearCredential` can make one.
 */
export interface CredentialClearance {
  readonly [minted]: true;
  readonly place: Environment;
  readonly credential: Credential;
  readonly contractDigest: Digest;
  /** Milliseconds since the epoch: clients must be made before this. */
  readonly until: number;
}

const cleared = new WeakSet<object>();

/** Throws CLEARANCE_REFUSED with every difference. `user`: the user's ARN by IAM, absent where IAM knows none. */
export function clearCredential(
  { place, contract, contractDigest, credential, userArn }: CredentialAdmission,
  seen: Seen & { readonly user: string | undefined },
  now: number,
): CredentialClearance {
  const differences = [
    ...judgeCaller('rotate', place, contract, seen),
    ...(seen.user === userArn ? [] : [`the user is ${seen.user ?? 'not there'}, expected ${userArn}`]),
  ];
  if (differences.length > 0) throw failures.clearanceRefused(differences);
  const clearance = { place, credential, contractDigest, until: now + VALID } as CredentialClearance; // the one place where the mark is given
  cleared.add(clearance);
  return Object.freeze(clearance);
}

/** For whoever makes clients that change the credential: refuses what `clearCredential` did not make, or what is too old. */
export function requireCredentialClearance(clearance: CredentialClearance, now: number): void {
  if (!cleared.has(clearance)) throw new TypeError('this clearance was not given by clearCredential()');
  if (now > clearance.until) {
    throw failures.clearanceRefused([
      `it was looked at too long ago (good until ${new Date(clearance.until).toISOString()})`,
    ]);
  }
}
