import type { SeenSecret } from '../ports.ts';
import type { Look } from '../sighting.ts';
import { orUnknown, type ReportWorld, search } from '../world.ts';

/** Secrets by their names, of which those below the prefixes of ours are listed once. */
export interface Escrows {
  /** `undefined`: there is no such secret. Throws where nobody could say. */
  find(name: string): Promise<SeenSecret | undefined>;
  /** Those of the listed ones that nothing of the contract has. */
  strays(): Promise<readonly Omit<Look, 'sightings'>[]>;
}

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

/** `known`: every secret that the contract names. */
export function escrowsOf(world: ReportWorld, known: ReadonlySet<string>): Escrows {
  const places = PLACES.map((place) => ({
    ...place,
    listed: orUnknown(world, async () => {
      const secrets = await world.secrets.below(place.prefix);
      return new Map(secrets.map((secret) => [secret.name, secret]));
    }),
  }));
  return {
    find: async (name) => {
      const place = places.find(({ prefix }) => name.startsWith(prefix));
      if (!place) return world.secrets.find(name);
      const listed = await place.listed;
      if ('kind' in listed) throw new Error(listed.why);
      return listed.get(name);
    },
    strays: () =>
      Promise.all(
        places.map(({ prefix, said, listed }) =>
          search(world, `secrets below ${prefix}`, async () => {
            const secrets = await listed;
            if ('kind' in secrets) throw new Error(secrets.why);
            return [...secrets.values()]
              .filter(({ name, deletedAt }) => deletedAt === undefined && !known.has(name))
              .map(({ name, tags }) => ({
                kind: 'secret',
                subject: `secret ${name}`,
                said,
                bornAt: undefined,
                tags,
              }));
          }),
        ),
      ),
  };
}
