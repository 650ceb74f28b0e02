import { Failure } from '@tenant-delivery/action-kit/failure';
import { PARTITIONS, partitionOf } from '@tenant-delivery/domain';
import { matchesGlob } from '@tenant-delivery/domain/glob';
import { splitReference } from '@tenant-delivery/oci/reference';
import type { RegistryReader, RepositoryFacts } from '@tenant-delivery/oci/registry/port';
import { rememberedReader } from '@tenant-delivery/oci/registry/remembered-reader';
import { clearUncontractedRepositories } from '@tenant-delivery/tenancy/uncontracted';
import { failures } from '../failures.ts';
import type { AloneInputs } from '../inputs.ts';
import type { AloneWorld, Connection, OwnAws } from './alone-world.ts';

const ECR = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.(.+)$/;

/** The registry of the job's credentials, and the repository in it that the image is pushed to, if it is. */
export interface OwnRepository {
  readonly connection: Connection;
  /** For base images: what a digest names is asked for once. */
  readonly reader: RegistryReader;
  /** Nothing if nothing is pushed. */
  readonly name: string | undefined;
  /** Whether the registry lets this tag move to another image. Where the role may not see it, ECR itself says so later. */
  moves(tag: string): boolean;
}

/**
 * Shows that no contract is about a repository that this build writes to, and logs in. SERVICE_CONTRACTED or IMAGE_ELSEWHERE
 * if it must not, REPOSITORY_ABSENT if there is none.
 */
export async function openOwnRepository(
  given: AloneInputs,
  { runner, clock }: AloneWorld,
  aws: OwnAws,
): Promise<OwnRepository> {
  const { identity, region, registry } = aws;
  runner.info(`Account ${identity.account}, ${region}, as ${identity.arn}`);
  const [first] = given.push ? given.tags : [];
  const caches = cachesAtEcr(given, aws);
  refuseElsewhere(given, aws, caches);
  const written = [...new Set([...(first ? [first.repository] : []), ...caches.map(repositoryOf)])];
  const tags = await Promise.all(
    written.map(async (name) => {
      const found = await registry.ownTags(name);
      if (found === 'absent') throw failures.ownRepositoryAbsent(name, identity.account, region);
      return [name, found] as const;
    }),
  );
  const permit = clearUncontractedRepositories(identity, Object.fromEntries(tags), clock.now());
  const [connection, facts] = await Promise.all([
    registry.connect(permit),
    first ? settingsOf(aws, runner, first.repository) : ('not seen' as const),
  ]);
  const { host } = connection.writer;
  const other = given.push ? given.tags.find((name) => (name.registry ?? host) !== host) : undefined;
  if (other)
    throw failures.registryElsewhere([
      `${other.given} is at ${other.registry}, and the login is for ${host}`,
    ]);
  return {
    connection,
    reader: rememberedReader(connection.writer),
    name: first?.repository,
    moves: (tag) => facts === 'not seen' || movable(facts, tag),
  };
}

/** The names of images that keep a cache in a private registry of ECR. On this machine every registry is one. */
export function cachesAtEcr(
  given: Pick<AloneInputs, 'cache-to'>,
  aws: Pick<OwnAws, 'local'> | undefined,
): readonly string[] {
  return given['cache-to']
    .filter(({ type }) => type === 'registry')
    .map(({ attributes }) => attributes.get('ref') ?? '')
    .filter((reference) => aws?.local || ECR.test(splitReference(reference).host));
}

function repositoryOf(reference: string): string {
  return splitReference(reference).repository;
}

/** What is written to must be in the registry of the credentials: of another one nobody here can see who owns what. */
function refuseElsewhere(given: AloneInputs, aws: OwnAws, caches: readonly string[]): void {
  const hosts = new Map<string, string>([
    ...(given.push ? given.tags : []).flatMap(({ given: name, registry }): [string, string][] =>
      registry === undefined ? [] : [[name, registry]],
    ),
    ...caches.map((reference): [string, string] => [reference, splitReference(reference).host]),
  ]);
  const elsewhere = [...hosts].flatMap(([name, host]) => {
    const where = whyElsewhere(host, aws);
    return where === undefined ? [] : [`${name} is in ${where}`];
  });
  if (elsewhere.length > 0) throw failures.registryElsewhere(elsewhere);
}

function whyElsewhere(host: string, { identity, region, local }: OwnAws): string | undefined {
  if (local) return undefined; // local-aws serves the registries of all its accounts at one address
  const [, owner, place, domain] = ECR.exec(host) ?? [];
  const isEcr = place !== undefined && domain === PARTITIONS[partitionOf(place)].domain;
  if (!isEcr) return `${host}, which is no private registry of ECR`;
  return owner === identity.account && place === region ? undefined : `the registry of ${owner} in ${place}`;
}

/** Only a better word in time depends on it, so a role that may not ask goes on without. */
async function settingsOf(
  { registry }: OwnAws,
  runner: AloneWorld['runner'],
  name: string,
): Promise<RepositoryFacts | 'not seen'> {
  try {
    const facts = await registry.describe(name);
    return facts === 'absent' ? 'not seen' : facts;
  } catch (thrown) {
    if (!(thrown instanceof Failure && thrown.code === 'AWS_DENIED')) throw thrown;
    runner.info(`Whether tags of ${name} may move is not seen: ${thrown.message}`);
    return 'not seen';
  }
}

function movable({ tagMutability, exclusions }: RepositoryFacts, tag: string): boolean {
  const excluded = exclusions.some((filter) => matchesGlob(filter, tag));
  return tagMutability.startsWith('IMMUTABLE') ? excluded : !excluded;
}
