import type { Failure } from '@tenant-delivery/action-kit/failure';
import type { Digest, Target } from '@tenant-delivery/domain';
import { partitionOf } from '@tenant-delivery/domain';
import { type AgreedNames, agreedNames } from './agreed-names.ts';
import { type CompleteEnvironment, completeEnvironment } from './complete-environment.ts';
import type { EnvironmentContract, ServiceAgreement, TenantContract } from './contract.ts';
import type { Environment } from './derived-names.ts';
import { failures } from './failures.ts';
import type { SignedContract } from './sealed-contract.ts';
import type { SeenContract } from './seen-serials.ts';

/** A target that the signed contract confirms, for this repository and this caller. */
export interface Admission {
  readonly target: Target;
  readonly contract: TenantContract;
  readonly contractDigest: Digest;
  readonly environment: CompleteEnvironment;
  readonly service: ServiceAgreement;
  readonly names: AgreedNames;
  /** By which right the calling repository acts. */
  readonly repository: 'customer' | 'operations';
}

/** Who asks, from what AWS and GitHub said. */
export interface Asking {
  /** GetCallerIdentity. */
  readonly account: string;
  readonly partition: string;
  /** OIDC claims. */
  readonly repository: string;
  readonly repositoryId: string;
  readonly repositoryOwnerId: string;
}

/** The trust rules of a contract whose signature holds: the admission, or a failure for every breach. */
export function judgeAdmission(
  { contract, digest }: SignedContract,
  target: Target,
  asking: Asking,
  now: number,
  seen: SeenContract | undefined,
): { readonly admission: Admission } | { readonly breaches: readonly Failure[] } {
  const {
    environment,
    listed,
    breaches: ofPlace,
  } = judgePlace({ contract, digest }, target, asking, now, seen);
  const service = environment && own(environment.services, target.service);
  const found = environment && completeEnvironment(environment);
  const breaches = [
    ...ofPlace,
    ...judgeService(contract, listed, target, service),
    ...(found && 'missing' in found
      ? [failures.contractIncomplete(contract.id, target.environment, found.missing)]
      : []),
  ];
  if (breaches.length > 0 || !found || 'missing' in found || !service || !listed) return { breaches };
  return {
    admission: {
      target,
      contract,
      contractDigest: digest,
      environment: found.environment,
      service,
      names: agreedNames(target, found.environment, service),
      repository: listed.right,
    },
  };
}

/** What holds whatever is to be done there: which contract is in force, where, and who asks. */
export function judgePlace(
  { contract, digest }: SignedContract,
  place: Environment,
  asking: Asking,
  now: number,
  seen: SeenContract | undefined,
): {
  readonly environment: EnvironmentContract | undefined;
  readonly listed: Listing | undefined;
  readonly breaches: readonly Failure[];
} {
  const environment = own(contract.environments, place.environment);
  const listed = listing(contract, asking);
  const breaches = [
    ...judgeAge({ contract, digest }, now, seen),
    ...judgeAccount(contract, place, asking),
    ...judgeRegion(environment, place),
    ...judgeRepository(contract, listed, asking),
  ];
  return { environment, listed, breaches };
}

/** A member that the contract has itself: `constructor` is a name like any other, and every object has one. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function judgeAge(
  { contract, digest }: SignedContract,
  now: number,
  seen: SeenContract | undefined,
): Failure[] {
  const breaches: Failure[] = [];
  if (now >= Date.parse(contract.expires))
    breaches.push(failures.contractExpired(contract.id, contract.expires));
  if (seen && contract.serial < seen.serial) {
    breaches.push(failures.contractOlder(contract.id, contract.serial, seen.serial));
  }
  if (seen && contract.serial === seen.serial && digest !== seen.digest) {
    breaches.push(failures.contractForked(contract.id, contract.serial));
  }
  return breaches;
}

function judgeAccount(contract: TenantContract, target: Environment, asking: Asking): Failure[] {
  const facts: string[] = [];
  if (contract.account !== target.account) {
    facts.push(`the workflow names ${target.account}, the contract ${contract.account}`);
  }
  if (asking.account !== contract.account) {
    facts.push(`the credentials are of ${asking.account}, the contract is for ${contract.account}`);
  }
  if (asking.partition !== contract.partition || partitionOf(target.region) !== contract.partition) {
    facts.push(
      `the credentials are of the partition ${asking.partition}, the contract is for ${contract.partition}`,
    );
  }
  return facts.length > 0 ? [failures.accountMismatch(facts)] : [];
}

function judgeRegion(environment: EnvironmentContract | undefined, target: Environment): Failure[] {
  return environment && environment.region !== target.region
    ? [failures.regionMismatch(target.region, environment.region)]
    : [];
}

interface Listing {
  readonly right: 'customer' | 'operations';
  /** `undefined`: every service. */
  readonly services: readonly string[] | undefined;
}

/** Names change hands on GitHub, numbers do not: only the ids count. */
function listing(contract: TenantContract, asking: Asking): Listing | undefined {
  const isAsking = (of: { readonly repositoryId: number; readonly ownerId: number }) =>
    String(of.repositoryId) === asking.repositoryId && String(of.ownerId) === asking.repositoryOwnerId;
  if (isAsking(contract.operations)) return { right: 'operations', services: undefined };
  const listed = contract.repositories.filter(isAsking);
  return listed.length > 0
    ? { right: 'customer', services: listed.flatMap(({ services }) => services) }
    : undefined;
}

function judgeRepository(contract: TenantContract, listed: Listing | undefined, asking: Asking): Failure[] {
  return listed ? [] : [failures.repositoryNotListed(asking.repository, asking.repositoryId, contract.id)];
}

function judgeService(
  contract: TenantContract,
  listed: Listing | undefined,
  { service, environment }: Target,
  agreement: ServiceAgreement | undefined,
): Failure[] {
  if (!agreement) {
    const known = Object.keys(contract.environments[environment]?.services ?? {});
    const why = `the contract of ${contract.id} has no such service in ${environment} (it has ${known.join(', ')})`;
    return [failures.serviceNotListed(service, why)];
  }
  if (listed?.services && !listed.services.includes(service)) {
    const why = `this repository may deliver ${listed.services.join(', ')}`;
    return [failures.serviceNotListed(service, why)];
  }
  return [];
}
