import type { Look } from './sighting.ts';
import { type ReportWorld, search } from './world.ts';

const PLACES = [
  {
    prefix: 'td/rotation/',
    said: 'A secret is where keys are kept in escrow, and no credential of the contract has it.',
  },
  {
    prefix: 'ecr-pullthroughcache/',
    said: 'A secret of a pull-through cache is in no credential of the contract.',
  },
] as const;

/** Secrets where only agreed ones should be. `known`: every secret that the contract names. */
export function searchSecrets(
  world: ReportWorld,
  known: ReadonlySet<string>,
): Promise<readonly Omit<Look, 'sightings'>[]> {
  return Promise.all(
    PLACES.map(({ prefix, said }) =>
      search(world, `secrets below ${prefix}`, async () =>
        (await world.secrets.below(prefix))
          .filter(({ name }) => !known.has(name))
          .map(({ name, tags }) => ({
            kind: 'secret',
            subject: `secret ${name}`,
            said,
            bornAt: undefined,
            tags,
          })),
      ),
    ),
  );
}
