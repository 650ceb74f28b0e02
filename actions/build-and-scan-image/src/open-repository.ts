import { type Admission, clear } from '@tenant-delivery/tenancy';
import { failures } from './failures.ts';
import type { World } from './ports.ts';
import { repositoryProblems } from './preflight.ts';

export type Connection = Awaited<ReturnType<World['registry']['connect']>>;

/** The repository that the contract names, safe to keep an image in, and a way to push to it. */
export async function openRepository(
  { registry, inspections, identity, clock }: World,
  admission: Admission,
): Promise<{ readonly uri: string; readonly connection: Connection }> {
  const { names, target } = admission;
  const facts = await registry.describe(names.repository);
  if (facts === 'absent') throw failures.repositoryAbsent(names.repository, target.account);
  const mode = await inspections.mode(names.repository);
  const clearance = clear(
    'repository',
    admission,
    { identity, region: target.region, repository: facts },
    clock.now(),
  );
  const connection = await registry.connect(clearance);
  const problems = [...repositoryProblems(facts, mode)];
  const [host] = facts.uri.split('/');
  if (host !== connection.writer.host) {
    problems.push(`it is reached at ${host}, but the login is for ${connection.writer.host}`);
  }
  if (problems.length > 0) throw failures.repositoryUnsafe(names.repository, problems);
  return { uri: facts.uri, connection };
}
