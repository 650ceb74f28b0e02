import type { Failure } from '@tenant-delivery/action-kit/failure';
import type { BreakGlass } from '@tenant-delivery/break-glass/agreement';
import type { BreakGlassTerms } from '@tenant-delivery/break-glass/ports';
import type { Digest } from '@tenant-delivery/domain';
import { partitionOf } from '@tenant-delivery/domain';
import { type Asking, judgePlace } from './admission.ts';
import { judgeCaller, type Seen } from './clearance.ts';
import type { EnvironmentContract, TenantContract } from './contract.ts';
import type { Environment } from './derived-names.ts';
import { failures } from './failures.ts';
import type { SignedContract } from './sealed-contract.ts';
import type { SeenContract } from './seen-serials.ts';

/** What the signed contract says of grants in one environment, for this caller. */
export interface BreakGlassAdmission {
  readonly place: Environment;
  readonly contract: TenantContract;
  readonly contractDigest: Digest;
  readonly environment: EnvironmentContract;
  readonly agreed: BreakGlass;
  readonly terms: BreakGlassTerms;
}

/** Both environments of a run that opens a grant which two people approve. */
export function approvalEnvironments({ approval }: BreakGlass): readonly string[] {
  return approval.reviewers > 1
    ? [approval.environment, `${approval.environment}-second`]
    : [approval.environment];
}

/** What somebody asks of the grants of an environment. */
export interface GrantsWish {
  readonly place: Environment;
  /** The id of the grants. */
  readonly journal: string;
  readonly changes: boolean;
}

/** As `judgeAdmission`, for grants: only the provider's own repository asks, and a change needs an approval first. */
export function judgeBreakGlass(
  signed: SignedContract,
  { place, journal, changes }: GrantsWish,
  asking: Asking & { /** The job's GitHub environment. */ readonly jobEnvironment: string },
  now: number,
  seen: SeenContract | undefined,
): { readonly admission: BreakGlassAdmission } | { readonly breaches: readonly Failure[] } {
  const { contract, digest } = signed;
  const { environment, listed, breaches } = judgePlace(signed, place, asking, now, seen);
  const agreed = environment?.breakGlass;
  const why = [
    ...(listed?.right === 'customer'
      ? [`only ${contract.operations.repository} may grant, and this is ${asking.repository}`]
      : []),
    ...(agreed?.id === journal
      ? []
      : [
          `the contract of ${contract.id} agrees on ${agreed ? `break-glass grants by the id ${agreed.id}` : 'no break-glass grants'} in ${place.environment}`,
        ]),
    ...(agreed && changes && asking.jobEnvironment !== agreed.approval.environment
      ? [`grants are opened and closed in a job of the GitHub environment ${agreed.approval.environment}`]
      : []),
  ];
  const all = why.length > 0 ? [...breaches, failures.credentialNotAgreed(journal, why)] : breaches;
  if (all.length > 0 || !environment || !agreed) return { breaches: all };
  return {
    admission: {
      place,
      contract,
      contractDigest: digest,
      environment,
      agreed,
      terms: termsOf(place, agreed),
    },
  };
}

function termsOf(place: Environment, { role, principals, minutes }: BreakGlass): BreakGlassTerms {
  const iam = `arn:${partitionOf(place.region)}:iam::${place.account}`;
  return {
    roleArn: `${iam}:role/td/break-glass/${role}`,
    boundaryArn: `${iam}:policy/td/break-glass/${role}-boundary`,
    principals: Object.values(principals),
    longestMinutes: minutes,
  };
}

const VALID = 10 * 60_000; // milliseconds between looking and making the clients that act

declare const minted: unique symbol;

/** This account and role were looked at and are what the contract names: only `clearBreakGlass` can make one. */
export interface BreakGlassClearance {
  readonly [minted]: true;
  readonly place: Environment;
  readonly terms: BreakGlassTerms;
  /** Milliseconds since the epoch: clients must be made before this. */
  readonly until: number;
}

const cleared = new WeakSet<object>();

/** Throws CLEARANCE_REFUSED with every difference. The role that is granted is compared at each look at it. */
export function clearBreakGlass(
  { place, contract, terms }: BreakGlassAdmission,
  seen: Seen,
  now: number,
): BreakGlassClearance {
  const differences = judgeCaller('access', place, contract, seen);
  if (differences.length > 0) throw failures.clearanceRefused(differences);
  const clearance = { place, terms, until: now + VALID } as BreakGlassClearance; // the one place where the mark is given
  cleared.add(clearance);
  return Object.freeze(clearance);
}

/** The first line of an adapter that edits the role: refuses a clearance that `clearBreakGlass` did not make, or that is too old. */
export function requireBreakGlassClearance(clearance: BreakGlassClearance, now: number): void {
  if (!cleared.has(clearance)) throw new TypeError('this clearance was not given by clearBreakGlass()');
  if (now > clearance.until)
    throw failures.clearanceRefused([
      `it was looked at too long ago (good until ${new Date(clearance.until).toISOString()})`,
    ]);
}
