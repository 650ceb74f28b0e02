import { KIND_NAMES, type KindName, kindOf } from '../kinds.ts';
import type { ReportedCredential } from './credentials.ts';
import { judgeRow, strayRows } from './judge-row.ts';
import type { Report, Row } from './row.ts';
import type { Look } from './sighting.ts';
import { STATES } from './states.ts';
import { searchSecrets } from './stray-secrets.ts';
import { journalsOf, type ReportWorld } from './world.ts';

/** What a report is about, by the signed contract. */
export interface ReportPlace {
  readonly tenant: string;
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  /** Who answers for the tenant's credentials. */
  readonly owner: readonly string[];
  readonly credentials: readonly ReportedCredential[];
  /** The secret that has the private key of the App by which GitHub is asked. */
  readonly appKey: string | undefined;
}

/** Looks at everything at once, and gives one row for each credential and for each that nobody agreed on. */
export async function reportCredentials(
  { owner, credentials, appKey, ...place }: ReportPlace,
  world: ReportWorld,
): Promise<Report> {
  const byJournal = credentials.filter((one) => kindOf(one).report.agedByJournal);
  const journalOf = journalsOf(world, new Set(byJournal.map(({ id }) => id)));
  const lookAt = async (name: KindName): Promise<Look> => {
    const { look } = await kindOf({ kind: name }).report.load();
    const mine = credentials.filter(({ kind }) => kind === name);
    return look(world, mine, journalOf);
  };
  const [looks, searches, journals] = await Promise.all([
    Promise.all(KIND_NAMES.map(lookAt)),
    searchSecrets(world, secretsIn(credentials, appKey)),
    Promise.all(credentials.map(async ({ id }) => [id, await journalOf(id)] as const)),
  ]);
  const now = world.time.now();
  const words = new Map(journals);
  const rows = credentials.map((credential): Row => {
    const [sighting] = looks.flatMap(({ sightings }) => sightings.get(credential.id) ?? []);
    const word = words.get(credential.id);
    if (!sighting || !word) throw new TypeError(`nobody looked at ${credential.id}`);
    return judgeRow(credential, sighting, word, { owner, now });
  });
  const found = [...looks, ...searches];
  const strays = found.flatMap((look) => strayRows(look, owner, now));
  return {
    ...place,
    at: new Date(now).toISOString(),
    rows: inOrder([...rows, ...strays]),
    elsewhere: found.reduce((sum, look) => sum + look.elsewhere, 0),
  };
}

/** Every secret that the contract names. */
function secretsIn(
  credentials: readonly ReportedCredential[],
  appKey: string | undefined,
): ReadonlySet<string> {
  return new Set([
    ...credentials
      .flatMap((one) => ['escrow' in one ? one.escrow : [], 'secret' in one ? one.secret : []])
      .flat(),
    ...(appKey === undefined ? [] : [appKey]),
  ]);
}

/** The worst first. */
function inOrder(rows: readonly Row[]): readonly Row[] {
  const rank = ({ state }: Row) => STATES.indexOf(state);
  return rows.toSorted((a, b) => rank(b) - rank(a) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}
