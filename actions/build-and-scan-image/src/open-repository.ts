import type { RepositoryFacts } from '@tenant-delivery/oci/registry/port';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import { clear } from '@tenant-delivery/tenancy/clearance';
import { failures } from './failures.ts';
import type { World } from './ports.ts';
import { repositoryProblems } from './preflight.ts';

export type Connection = Awaited<ReturnType<World['registry']['connect']>>;

export interface OpenRepository {
  readonly uri: string;
  readonly connection: Connection;
  /** Profiles with which the registry signs what is pushed to it. */
  readonly signedWith: readonly string[];
}

/** The repository that the contract names, safe to keep an image in, and a way to push to it. */
export async function openRepository(world: World, admission: Admission): Promise<OpenRepository> {
  const { registry, inspections, identity, clock } = world;
  const { names, target, environment } = admission;
  const agreed = environment.registry ?? {};
  const facts = await findOrMake(world, admission);
  const [mode, signedWith, replicatedTo] = await Promise.all([
    inspections.mode(names.repository),
    registry.signedWith(names.repository),
    agreed.replicatedTo === undefined ? [] : registry.replicatedTo(names.repository),
  ]);
  const clearance = clear(
    'repository',
    admission,
    { identity, region: target.region, repository: facts },
    clock.now(),
  );
  const connection = await registry.connect(clearance);
  const problems = [...repositoryProblems({ ...facts, mode, signedWith, replicatedTo }, agreed)];
  const [host] = facts.uri.split('/');
  if (host !== connection.writer.host) {
    problems.push(`it is reached at ${host}, but the login is for ${connection.writer.host}`);
  }
  if (problems.length > 0) throw failures.repositoryUnsafe(names.repository, problems);
  return { uri: facts.uri, connection, signedWith };
}

/** A repository that is not there is made only where the contract says so, and as the contract says. */
async function findOrMake(
  { registry, identity, clock, runner }: World,
  admission: Admission,
): Promise<RepositoryFacts> {
  const { names, target, environment } = admission;
  const { repository } = names;
  const found = await registry.describe(repository);
  if (found !== 'absent') return found;
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
