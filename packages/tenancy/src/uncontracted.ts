import { ROLES } from '@tenant-delivery/domain';
import { requireUncontracted } from './contract-tag.ts';
import { failures } from './failures.ts';

const VALID = 10 * 60_000; // milliseconds between looking and making the client that acts

declare const minted: unique symbol;

/**
 * One ECS service that no contract is about, in the account of the credentials, was looked at. What a `Clearance` is to a
 * delivery this is to a deploy without a contract: only `clearUncontracted` can make one, and a mutating adapter takes it.
 */
export interface Uncontracted {
  readonly [minted]: true;
  readonly cluster: string;
  readonly service: string;
  /** Milliseconds since the epoch: a client must be made before this. */
  readonly until: number;
}

/** Repositories of ECR that no contract is about. To push to them without a contract is what this allows. */
export interface UncontractedRepositories {
  readonly [minted]: true;
  readonly names: readonly string[];
  /** Milliseconds since the epoch: a client must be made before this. */
  readonly until: number;
}

type Tags = Readonly<Record<string, string>>;

export interface SeenAlone {
  /** GetCallerIdentity. */
  readonly identity: { readonly account: string; readonly arn: string };
  /** The region of the client that will act. */
  readonly region: string;
  /** Names, as they were asked for. */
  readonly names: { readonly cluster: string; readonly service: string };
  readonly cluster: { readonly arn: string; readonly tags: Tags };
  readonly service: { readonly arn: string; readonly clusterArn: string; readonly tags: Tags };
}

/** The roles of an environment, which work under its contract and in no other way. */
const CONTRACTED = new RegExp(`:assumed-role/(td-[a-z0-9-]+-(?:${ROLES.join('|')}))/`);

/** Why a session is not one to work without a contract; nothing where it is. */
export function whyContracted(arn: string): readonly string[] {
  const role = CONTRACTED.exec(arn)?.[1];
  return role === undefined ? [] : [`the session is of ${role}, a role that works under a contract only`];
}

const cleared = new WeakSet<object>();

/** Throws SERVICE_CONTRACTED or CLEARANCE_REFUSED where a deploy without a contract is none of the caller's. */
export function clearUncontracted(seen: SeenAlone, now: number): Uncontracted {
  const { identity, region, names, cluster, service } = seen;
  requireUncontracted({
    [`The cluster ${names.cluster}`]: cluster.tags,
    [`The service ${names.service}`]: service.tags,
  });
  const facts = [
    ...whyContracted(identity.arn),
    ...[cluster.arn, service.arn].flatMap((arn) => judgePlace(arn, identity.account, region)),
    ...(service.clusterArn === cluster.arn ? [] : [`${service.arn} is of the cluster ${service.clusterArn}`]),
  ];
  if (facts.length > 0) throw failures.clearanceRefused(facts);
  const clearance = { cluster: names.cluster, service: names.service, until: now + VALID } as Uncontracted; // the one place where the mark is given
  cleared.add(clearance);
  return Object.freeze(clearance);
}

/** The same for repositories, by name with their tags. With no repository it allows to read alone. */
export function clearUncontractedRepositories(
  identity: SeenAlone['identity'],
  repositories: Readonly<Record<string, Tags>>,
  now: number,
): UncontractedRepositories {
  const contracted = whyContracted(identity.arn);
  if (contracted.length > 0) throw failures.clearanceRefused(contracted);
  requireUncontracted(
    Object.fromEntries(Object.entries(repositories).map(([name, tags]) => [`The repository ${name}`, tags])),
  );
  const clearance = {
    names: Object.keys(repositories),
    until: now + VALID,
  } as unknown as UncontractedRepositories; // as above
  cleared.add(clearance);
  return Object.freeze(clearance);
}

/** The first line of an adapter that changes something: refuses a clearance that was not made here, or that is too old. */
export function requireUncontractedClearance(
  clearance: Uncontracted | UncontractedRepositories,
  now: number,
): void {
  if (!cleared.has(clearance)) throw new TypeError('this clearance was not given by clearUncontracted()');
  if (now > clearance.until) {
    throw failures.clearanceRefused([
      `it was looked at too long ago (good until ${new Date(clearance.until).toISOString()})`,
    ]);
  }
}

function judgePlace(arn: string, account: string, region: string): readonly string[] {
  const [, , , its, owner] = arn.split(':');
  return its === region && owner === account
    ? []
    : [`${arn} is not in ${region} of account ${account}, whose credentials these are`];
}
