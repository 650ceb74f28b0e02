import type { ServerTime } from '@tenant-delivery/rotation/ports';
import type { Vault } from '@tenant-delivery/vault/ports';
import type { CacheRules } from '../pull-through/ports.ts';
import { type JournalWord, readJournalWord } from './journal-word.ts';
import type { DeployKeys, SecretDates, UserKeys } from './ports.ts';
import type { Look, Sighting, Stray, Unknown } from './sighting.ts';

/** Everything that a report may ask. Nothing of it changes anything. */
export interface ReportWorld {
  readonly vault: Pick<Vault, 'read' | 'list'>;
  readonly time: ServerTime;
  /** The environment of the contract: a resource with another environment's tag belongs to that environment. */
  readonly environment: string;
  readonly account: string;
  readonly keys: UserKeys;
  readonly secrets: SecretDates;
  readonly rules: Pick<CacheRules, 'list'>;
  readonly deployKeys: DeployKeys;
  /** Takes every known secret out of a text: errors of others go into the report. */
  readonly clean: (text: string) => string;
}

/** What nobody could tell is unknown, with the reason. */
export async function orUnknown<T>(
  { clean }: Pick<ReportWorld, 'clean'>,
  look: () => Promise<T>,
): Promise<T | Unknown> {
  try {
    return await look();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'something failed that says nothing of itself';
    return { kind: 'unknown', why: clean(why) };
  }
}

/** The journals of credentials, each read once. */
export type JournalOf = (credential: string) => Promise<JournalWord>;

/** `beginnings`: credentials whose age is that of their rotation's beginning. */
export function journalsOf(world: ReportWorld, beginnings: ReadonlySet<string>): JournalOf {
  const words = new Map<string, Promise<JournalWord>>();
  return (credential) => {
    const word =
      words.get(credential) ??
      orUnknown(world, () => readJournalWord(world.vault, credential, beginnings.has(credential)));
    words.set(credential, word);
    return word;
  };
}

/** Looks at each credential by itself: one that fails leaves the others as they are. */
export async function sightEach<C extends { readonly id: string }>(
  world: ReportWorld,
  credentials: readonly C[],
  sight: (credential: C) => Promise<Sighting>,
): Promise<ReadonlyMap<string, Sighting>> {
  const all = credentials.map(
    async (credential) => [credential.id, await orUnknown(world, () => sight(credential))] as const,
  );
  return new Map(await Promise.all(all));
}

export const NOTHING: Look = { sightings: new Map(), strays: [], unsearched: [], elsewhere: 0 };

/** The strays of one place, or that it could not be searched. A tag of another environment says whose they are. */
export async function search(
  world: ReportWorld,
  place: string,
  find: () => Promise<readonly (Stray & { readonly tags: Readonly<Record<string, string>> })[]>,
): Promise<Omit<Look, 'sightings'>> {
  const found = await orUnknown(world, find);
  if ('kind' in found) return { strays: [], unsearched: [{ ...found, place }], elsewhere: 0 };
  const ours = found.filter(({ tags }) => {
    const tag = tags['environment'];
    return tag === undefined || tag === world.environment;
  });
  const strays = ours.map(({ kind, subject, said, bornAt }) => ({ kind, subject, said, bornAt }));
  return { strays, unsearched: [], elsewhere: found.length - ours.length };
}
