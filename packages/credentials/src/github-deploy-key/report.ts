import { DAY } from '@tenant-delivery/domain';
import type { Reported } from '../credential-kind.ts';
import type { SeenDeployKey } from '../report/ports.ts';
import type { Look, Sighting } from '../report/sighting.ts';
import { orUnknown, type ReportWorld, search, sightEach } from '../report/world.ts';
import { titlePrefix } from './sight.ts';
import type { GithubDeployKey } from './terms.ts';

const UNUSED = 30 * DAY; // after this time without a use, nobody seems to need the key

type Credential = Reported<GithubDeployKey>;

/**
 * Looks at every key of the repositories that the contract has a deploy key for. A key that the contract does not name
 * is a stray.
 */
export async function look(world: ReportWorld, credentials: readonly Credential[]): Promise<Look> {
  const repositories = [...new Set(credentials.map(({ repository }) => repository))];
  const listed = new Map(
    repositories.map((repository) => [
      repository,
      orUnknown(world, async () => ({ keys: await world.deployKeys.keysOf(repository) })),
    ]),
  );
  const of = async (repository: string) => {
    const look = await listed.get(repository);
    if (!look) throw new TypeError('the repository was listed');
    return look;
  };
  const sightings = await sightEach(world, credentials, async ({ id, repository }): Promise<Sighting> => {
    const look = await of(repository);
    if ('kind' in look) return look;
    if (look.keys === 'absent')
      return { kind: 'unknown', why: `GitHub shows the App no repository ${repository}.` };
    const mine = look.keys.filter(({ title }) => title.startsWith(titlePrefix(id)));
    if (mine.length === 0)
      return { kind: 'missing', said: `${repository} has no deploy key that a rotation of ${id} made.` };
    const bornAt = Math.min(...mine.map(({ createdAt }) => createdAt));
    const waited = world.time.now() >= bornAt + UNUSED;
    const unused = waited && mine.every(({ lastUsedAt }) => lastUsedAt === 'never');
    return {
      kind: 'seen',
      bornAt,
      by: 'GitHub',
      ...(unused && { needless: 'GitHub knows of no use of it at all.' }),
    };
  });
  const strays = await Promise.all(
    repositories.map((repository) =>
      search(world, `deploy keys of ${repository}`, async () => {
        const look = await of(repository);
        if ('kind' in look) throw new Error(look.why);
        if (look.keys === 'absent') throw new Error(`GitHub shows the App no repository ${repository}.`);
        return look.keys
          .filter(
            ({ title }) =>
              !credentials.some(
                (one) => one.repository === repository && title.startsWith(titlePrefix(one.id)),
              ),
          )
          .map((key) => strayOf(repository, key));
      }),
    ),
  );
  return {
    sightings,
    strays: strays.flatMap((one) => one.strays),
    unsearched: strays.flatMap((one) => one.unsearched),
    elsewhere: 0,
  };
}

function strayOf(repository: string, { id, createdAt, readOnly, lastUsedAt }: SeenDeployKey) {
  const used =
    lastUsedAt === 'never' ? 'was never used' : `was last used ${new Date(lastUsedAt).toISOString()}`;
  return {
    kind: 'github-deploy-key',
    subject: `deploy key ${id} of ${repository}`,
    said: `A deploy key that ${readOnly ? 'may read' : 'may write'} ${used}, and no credential of the contract is that.`,
    bornAt: createdAt,
    tags: {}, // GitHub gives keys none
  };
}
