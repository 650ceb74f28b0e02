import type { ScanMode } from '@tenant-delivery/findings/ports';
import type { RegistryReader, RepositoryFacts } from '@tenant-delivery/oci/registry/port';
import { rememberedReader } from '@tenant-delivery/oci/registry/remembered-reader';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import { clear } from '@tenant-delivery/tenancy/clearance';
import { failures } from './failures.ts';
import type { World } from './ports.ts';
import { repositoryProblems } from './preflight.ts';

export type Connection = Awaited<ReturnType<World['registry']['connect']>>;

/** What a registry's rules do with what is pushed to a repository. */
interface Rules {
  readonly mode: ScanMode;
  /** Profiles with which the registry signs. */
  readonly signedWith: readonly string[];
  readonly replicatedTo: readonly string[];
}

export interface OpenRepository extends Pick<Rules, 'mode' | 'signedWith'> {
  readonly uri: string;
  readonly connection: Connection;
  /** For base images: what a digest names is asked for once. */
  readonly reader: RegistryReader;
}

/** The repository that the contract names, safe to keep an image in, and a way to push to it. */
export async function openRepository(world: World, admission: Admission): Promise<OpenRepository> {
  const { registry, identity, clock } = world;
  const { names, target, environment } = admission;
  const asked = rulesFor(world, admission);
  asked.catch(() => {}); // awaited below; of a repository that is not there yet they are asked again
  const found = await registry.describe(names.repository);
  const facts = found === 'absent' ? await make(world, admission) : found;
  const clearance = clear(
    'repository',
    admission,
    { identity, region: target.region, repository: facts },
    clock.now(),
  );
  const [rules, connection] = await Promise.all([
    found === 'absent' ? rulesFor(world, admission) : asked,
    registry.connect(clearance),
  ]);
  const problems = [...repositoryProblems({ ...facts, ...rules }, environment.registry ?? {})];
  const [host] = facts.uri.split('/');
  if (host !== connection.writer.host) {
    problems.push(`it is reached at ${host}, but the login is for ${connection.writer.host}`);
  }
  if (problems.length > 0) throw failures.repositoryUnsafe(names.repository, problems);
  const { mode, signedWith } = rules;
  return { uri: facts.uri, connection, reader: rememberedReader(connection.writer), mode, signedWith };
}

async function rulesFor({ registry, inspections }: World, { names, environment }: Admission): Promise<Rules> {
  const [mode, signedWith, replicatedTo] = await Promise.all([
    inspections.mode(names.repository),
    registry.signedWith(names.repository),
    environment.registry?.replicatedTo === undefined ? [] : registry.replicatedTo(names.repository),
  ]);
  return { mode, signedWith, replicatedTo };
}

/** A repository that is not there is made only if the contract says so, and as the contract says. */
async function make(
  { registry, identity, clock, runner }: World,
  admission: Admission,
): Promise<RepositoryFacts> {
  const { names, target, environment } = admission;
  const { repository } = names;
  const { createIfMissing, encryption } = environment.registry ?? {};
  if (createIfMissing !== true || encryption === undefined)
    throw failures.repositoryAbsent(repository, target.account);
  const facts = { identity, region: target.region, absent: repository };
  await registry.create(clear('new-repository', admission, facts, clock.now()), encryption);
  const made = await registry.describe(repository);
  if (made === 'absent') throw failures.repositoryAbsent(repository, target.account);
  runner.info(`The repository ${repository} was not there; it was made as the contract says`);
  return made;
}
