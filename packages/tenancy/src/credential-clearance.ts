import { type CredentialOf, type KindName, kindOf } from '@tenant-delivery/credentials/kinds';
import type { Digest } from '@tenant-delivery/domain';
import { judgeCaller, type Seen } from './clearance.ts';
import type { CredentialAdmission } from './credential-admission.ts';
import { rotationRole } from './credential-subject.ts';
import type { Environment } from './derived-names.ts';
import { failures } from './failures.ts';

const VALID = 10 * 60_000; // milliseconds between looking and making the clients that act

declare const minted: unique symbol;

/**
 * This account, role and subject were looked at and are what the signed contract names for the credential. What a
 * `Clearance` is to a delivery this is to a rotation: only `clearCredential` can make one.
 */
export interface CredentialClearance<Kind extends KindName = KindName> {
  readonly [minted]: true;
  readonly place: Environment;
  readonly credential: CredentialOf<Kind>;
  readonly contractDigest: Digest;
  /** Milliseconds since the epoch: clients must be made before this. */
  readonly until: number;
}

const cleared = new WeakSet<object>();

/** Throws CLEARANCE_REFUSED with every difference. `subject`: its ARN by AWS, absent where AWS knows none. */
export function clearCredential(
  { place, contract, contractDigest, credential, subject }: CredentialAdmission,
  seen: Seen & { readonly subject: string | undefined },
  now: number,
): CredentialClearance {
  const differences = [
    ...judgeCaller(rotationRole(credential.kind), place, contract, seen),
    ...(seen.subject === subject
      ? []
      : [`${kindOf(credential).changes} is ${seen.subject ?? 'not there'}, expected ${subject}`]),
  ];
  if (differences.length > 0) throw failures.clearanceRefused(differences);
  const clearance = { place, credential, contractDigest, until: now + VALID } as CredentialClearance; // the one place where the mark is given
  cleared.add(clearance);
  return Object.freeze(clearance);
}

/** The first line of an adapter that changes the credential: refuses a clearance that `clearCredential` did not make, or that is too old. */
export function requireCredentialClearance(clearance: Pick<CredentialClearance, 'until'>, now: number): void {
  if (!cleared.has(clearance)) throw new TypeError('this clearance was not given by clearCredential()');
  if (now > clearance.until) {
    throw failures.clearanceRefused([
      `it was looked at too long ago (good until ${new Date(clearance.until).toISOString()})`,
    ]);
  }
}
