import type { Digest, Role, Target } from '@tenant-delivery/domain';
import { partitionOf } from '@tenant-delivery/domain';
import type { Admission } from './admission.ts';
import type { AgreedNames } from './agreed-names.ts';
import type { TenantContract } from './contract.ts';
import { type Environment, roleName } from './derived-names.ts';
import { failures } from './failures.ts';

const VALID = 10 * 60_000; // milliseconds between looking and making the client that acts

declare const minted: unique symbol;

/**
 * What may be changed: one ECS service (by the deploy role, or the redeploy role of a rotation), or one ECR repository (by the build role), which may be one
 * that is not there yet.
 */
export type ClearanceKind = 'service' | 'repository' | 'new-repository';

/**
 * This account, role and resource were looked at and are what the signed contract names.
 * Only `clear` can make one, so that code which skips the look does not compile; a mutating adapter takes it.
 */
export interface Clearance<Kind extends ClearanceKind = ClearanceKind> {
  readonly [minted]: Kind;
  readonly kind: Kind;
  readonly target: Target;
  readonly names: AgreedNames;
  readonly contractDigest: Digest;
  /** The session that was seen. */
  readonly caller: string;
  /** Milliseconds since the epoch: a client must be made before this. */
  readonly until: number;
}

export interface Seen {
  /** GetCallerIdentity. */
  readonly identity: { readonly account: string; readonly arn: string; readonly partition: string };
  /** The region of the client that will act. */
  readonly region: string;
}

/** What AWS answered about the resources; an answer that is missing is the adapter's failure, never a fact. */
export type ObservedFacts<Kind extends ClearanceKind> = Kind extends 'service'
  ? Seen & {
      readonly cluster: { readonly arn: string; readonly status: string };
      readonly service: { readonly arn: string; readonly clusterArn: string; readonly status: string };
    }
  : Kind extends 'repository'
    ? Seen & { readonly repository: { readonly arn: string; readonly registryId: string } }
    : Seen & { /** The name under which the registry has nothing. */ readonly absent: string };

const ROLE: Readonly<Record<ClearanceKind, Role>> = {
  service: 'deploy',
  repository: 'build',
  'new-repository': 'build',
};

const cleared = new WeakSet<object>();

/** Compares what was observed with the contract. Throws CLEARANCE_REFUSED with every difference. */
export function clear<Kind extends ClearanceKind>(
  kind: Kind,
  admission: Admission,
  facts: ObservedFacts<Kind>,
  now: number,
  role: Role = ROLE[kind],
): Clearance<Kind> {
  const differences = [
    ...judgeCaller(role, admission.target, admission.contract, facts),
    ...('service' in facts ? judgeService(admission, facts) : []),
    ...('repository' in facts ? judgeRepository(admission, facts) : []),
    ...('absent' in facts ? differ('the new repository', facts.absent, admission.names.repository) : []),
  ];
  if (differences.length > 0) throw failures.clearanceRefused(differences);
  const clearance = {
    kind,
    target: admission.target,
    names: admission.names,
    contractDigest: admission.contractDigest,
    caller: facts.identity.arn,
    until: now + VALID,
  } as Clearance<Kind>; // the one place where the mark is given; it exists in types only
  cleared.add(clearance);
  return Object.freeze(clearance);
}

/** For a mutating adapter, as its first line: refuses a clearance that `clear` did not make, or that is too old. */
export function requireClearance(clearance: Clearance, now: number): void {
  if (!cleared.has(clearance)) throw new TypeError('this clearance was not given by clear()');
  if (now > clearance.until) {
    throw failures.clearanceRefused([
      `it was looked at too long ago (good until ${new Date(clearance.until).toISOString()})`,
    ]);
  }
}

/** Whether the session is one of that role, there. */
export function judgeCaller(
  role: Role,
  target: Environment,
  contract: Pick<TenantContract, 'partition'>,
  { identity, region }: Seen,
): string[] {
  const session = `td-${target.tenant}-${target.environment}-`;
  const expected = `arn:${contract.partition}:sts::${target.account}:assumed-role/${roleName(target, role)}/${session}`;
  return [
    ...differ('the account of the credentials', identity.account, target.account),
    ...differ('their partition', identity.partition, contract.partition),
    ...differ('the partition of the region', partitionOf(region), contract.partition),
    ...differ('the region of the client', region, target.region),
    ...(identity.arn.startsWith(expected) ? [] : [`the session is ${identity.arn}, expected ${expected}…`]),
  ];
}

function judgeService({ names }: Admission, { cluster, service }: ObservedFacts<'service'>): string[] {
  return [
    ...differ('the cluster', cluster.arn, names.clusterArn),
    ...differ(`the status of ${cluster.arn}`, cluster.status, 'ACTIVE'),
    ...differ('the service', service.arn, names.serviceArn),
    ...differ('the cluster of the service', service.clusterArn, names.clusterArn),
    ...differ(`the status of ${service.arn}`, service.status, 'ACTIVE'),
  ];
}

function judgeRepository(
  { names, target }: Admission,
  { repository }: ObservedFacts<'repository'>,
): string[] {
  return [
    ...differ('the repository', repository.arn, names.repositoryArn),
    ...differ('its registry', repository.registryId, target.account),
  ];
}

function differ(what: string, found: string, agreed: string): string[] {
  return found === agreed ? [] : [`${what} is ${found}, expected ${agreed}`];
}
