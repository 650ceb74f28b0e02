import type { Answer, Consumer, ConsumerState, KeyPair } from '@tenant-delivery/rotation/ports';
import { type Probe, slotProofs } from '../actions/slot-proofs.ts';
import { holdersOf } from '../actions/waiting-runs.ts';
import type { Changed } from '../session/changed.ts';
import { actionsSecrets, type GithubAccess, type KnownSecret, type Sharing } from './actions-secrets.ts';
import { actionsVariables } from './actions-variables.ts';
import { withReasons } from './refused-reads.ts';
import { nameOf, permissionsFor, placeOf, type SecretHome } from './secret-home.ts';
import { type Readers, readersOf } from './secret-readers.ts';

/** A credential that workflows read from secrets of Actions. */
export interface SecretConsumerOptions {
  readonly home: SecretHome;
  /** `AWS_KEY`: the names of secrets and variable begin with it. */
  readonly name: string;
  /** `owner/name` of every repository whose runs read it; of an organisation's secrets GitHub itself says that. */
  readonly repositories: readonly string[];
  readonly probe: Probe;
  /** By which the probe is started and read; the one access for all when it is absent. */
  readonly prover?: GithubAccess;
  /** Milliseconds between two uses, at the longest. */
  readonly cadence: number;
  /** What a slot keeps: `pair` an id and its secret, `value` a secret alone. `pair` when it is not said. */
  readonly keeps?: 'pair' | 'value';
}

const SLOTS = ['A', 'B'] as const;

/**
 * Two slots, each of two secrets or of one, and a variable that says which is read. The idle slot is written and proven
 * while the other is in use; one write of the variable then changes over.
 */
export function secretSlots(given: GithubAccess, options: SecretConsumerOptions): Consumer {
  const { home, name, keeps = 'pair' } = options;
  const access = withReasons(given, home);
  const secrets = actionsSecrets(access, home);
  const variables = actionsVariables(access, home);
  const proofs = slotProofs(options.prover ?? access, options.probe);
  const pointer = `${name}_SLOT`;
  const partsOf = (slot: string): readonly Part[] =>
    keeps === 'value'
      ? [{ name: `${name}_${slot}`, of: SECRET }]
      : pairOf(`${name}_ID_${slot}`, `${name}_SECRET_${slot}`);
  const look = () => secrets.find(SLOTS.flatMap((slot) => partsOf(slot).map((part) => part.name)));
  const sharingNow = async () => sharingNowOf(home, await look());
  return {
    id: `github:${placeOf(home)}:${name}`,
    switching: 'staged',
    cadence: options.cadence,
    async observe(asked): Promise<ConsumerState> {
      const there = await secrets.reachable();
      if (there === 'absent') return unreachable(home);
      const [pointed, found, answers, isThere] = await Promise.all([
        variables.find(pointer),
        look(),
        proofs.answers(asked),
        proofs.isThere(),
      ]);
      const current = pointed === 'absent' ? undefined : pointed.value;
      const shown = pointed === 'absent' ? undefined : pointed.sharing;
      const readers = await readersIn(access.ask, options, found, shown);
      return {
        obstacles: [
          ...(isThere ? [] : [missingProbe(options.probe)]),
          ...readers.obstacles,
          ...(current === undefined || isSlot(current)
            ? []
            : [
                `The variable ${pointer} of ${nameOf(home)} names no slot. Set it to A or B, whichever is in use.`,
              ]),
        ],
        current,
        idle: current === 'A' ? 'B' : 'A',
        written: Object.fromEntries(
          SLOTS.flatMap((slot, index) => {
            const half = found.length / SLOTS.length;
            return markOf(slot, found.slice(half * index, half * (index + 1)));
          }),
        ),
        proofs: answers,
        holders:
          pointed === 'absent'
            ? NONE
            : await holdersOf(access.ask, readers.repositories, pointed.updatedAt, readAtOf(home)),
      };
    },
    async stage(slot, key) {
      if (!isSlot(slot)) return { refused: `${slot} is no slot of ${name}` };
      return writeAll(secrets, partsOf(slot), key, await sharingNow());
    },
    askProof: async (slot, proof) => answered(await proofs.ask(slot, proof), options.probe.workflow, home),
    async point(slot) {
      if (!isSlot(slot)) return { refused: `${slot} is no slot of ${name}` };
      const now = await variables.find(pointer);
      if (now !== 'absent' && now.value === slot) return 'done';
      const sharing = await sharingNow();
      if (sharing === 'unsaid') return { refused: `nobody has said who may see ${pointer}` };
      return answered(await variables.set(pointer, slot, sharing), pointer, home);
    },
    async blank(slot) {
      return deleteAll(secrets, partsOf(slot), home);
    },
  };
}

/**
 * Two secrets of fixed names, written one after the other over what is in use: runs that read between the two writes
 * get halves of two keys. The report says so; slots have no such moment.
 */
export function secretPair(
  given: GithubAccess,
  options: SecretConsumerOptions & { readonly idName: string; readonly secretName: string },
): Consumer {
  const { home, idName, secretName } = options;
  const access = withReasons(given, home);
  const secrets = actionsSecrets(access, home);
  const proofs = slotProofs(options.prover ?? access, options.probe);
  const look = () => secrets.find([idName, secretName]);
  return {
    id: `github:${placeOf(home)}:${secretName}`,
    switching: 'in-place',
    cadence: options.cadence,
    async observe(asked): Promise<ConsumerState> {
      const there = await secrets.reachable();
      if (there === 'absent') return { ...unreachable(home), idle: PAIR };
      const [found, answers, isThere] = await Promise.all([look(), proofs.answers(asked), proofs.isThere()]);
      const moments = found.flatMap((half) => (half === 'absent' ? [] : [half.updatedAt])).sort();
      const last = moments.at(-1);
      const readers = await readersIn(access.ask, options, found);
      return {
        obstacles: [...(isThere ? [] : [missingProbe(options.probe)]), ...readers.obstacles],
        current: moments.length === 2 ? PAIR : undefined,
        idle: PAIR,
        written: Object.fromEntries(markOf(PAIR, found)),
        proofs: answers,
        holders:
          last === undefined ? NONE : await holdersOf(access.ask, readers.repositories, last, readAtOf(home)),
      };
    },
    async stage(_, key) {
      const sharing = sharingNowOf(home, await look());
      return writeAll(secrets, pairOf(idName, secretName), key, sharing);
    },
    askProof: async (place, proof) => answered(await proofs.ask(place, proof), options.probe.workflow, home),
    point: async () => 'done', // writing it was the cut-over
    blank: async () => ({ refused: `${idName} and ${secretName} are in use` }),
  };
}

const PAIR = 'pair';
const NONE = { count: 0, examples: [] } as const;

type Half = KnownSecret | 'absent';

function isSlot(text: string): text is (typeof SLOTS)[number] {
  return SLOTS.some((slot) => slot === text);
}

function readAtOf({ kind }: SecretHome) {
  return kind === 'environment' ? 'job-started' : 'queued';
}

/** One secret of Actions, and which part of a key it keeps. */
interface Part {
  readonly name: string;
  readonly of: (key: KeyPair) => string;
}

const SECRET = (key: KeyPair) => key.secret.reveal();

/** The secret goes first: an id without its secret is a key that cannot sign, the other way round it is the old key. */
function pairOf(idName: string, secretName: string): readonly Part[] {
  return [
    { name: secretName, of: SECRET },
    { name: idName, of: ({ id }) => id },
  ];
}

async function writeAll(
  secrets: ReturnType<typeof actionsSecrets>,
  parts: readonly Part[],
  key: KeyPair,
  sharing: Sharing | undefined | 'unsaid',
): Promise<Answer> {
  for (const { name, of } of parts) {
    if (sharing === 'unsaid') return { refused: `nobody has said who may see ${name}` };
    const written = await secrets.write(name, of(key), sharing);
    if (written.kind !== 'done') return answered(written, name, undefined);
  }
  return 'done';
}

async function deleteAll(
  secrets: ReturnType<typeof actionsSecrets>,
  parts: readonly Part[],
  home: SecretHome,
): Promise<Answer> {
  for (const { name } of parts) {
    const gone = await secrets.delete(name);
    const already = gone.kind === 'refused' && gone.status === 404;
    if (gone.kind !== 'done' && !already) return answered(gone, name, home);
  }
  return 'done';
}

function answered(changed: Changed, what: string, home: SecretHome | undefined): Answer {
  if (changed.kind === 'done') return 'done';
  if (changed.kind === 'unknown') return 'unknown';
  const needed = home && changed.status === 403 ? `; it needs ${listed(permissionsFor(home))}` : '';
  return { refused: `GitHub refused ${what} with ${changed.status}: ${changed.said}${needed}` };
}

const listed = (permissions: Readonly<Record<string, string>>) =>
  Object.entries(permissions)
    .map(([name, access]) => `${name}: ${access}`)
    .join(', ');

function markOf(place: string, halves: readonly Half[]): readonly (readonly [string, string])[] {
  const moments = halves.map((half) => (half === 'absent' ? undefined : half.updatedAt));
  return moments.length > 0 && moments.every((moment) => moment !== undefined)
    ? [[place, moments.join(' ')]]
    : [];
}

/** What an organisation's secrets are seen by now; every write keeps it. */
function sharingNowOf(home: SecretHome, halves: readonly Half[]): Sharing | undefined | 'unsaid' {
  if (home.kind !== 'organisation') return undefined;
  return halves.flatMap((half) => (half === 'absent' ? [] : (half.sharing ?? [])))[0] ?? 'unsaid';
}

/** Whose runs may hold the secrets. */
async function readersIn(
  ask: GithubAccess['ask'],
  { home, repositories, probe }: SecretConsumerOptions,
  halves: readonly Half[],
  pointer?: Sharing,
): Promise<Readers> {
  if (home.kind !== 'organisation') return { repositories, obstacles: [] };
  const there = halves.filter((half) => half !== 'absent');
  return readersOf(ask, home, there, pointer, probe.repository);
}

function missingProbe({ repository, workflow }: Probe): string {
  return `${repository} has no .github/workflows/${workflow}. Add the workflow that proves a key, or name another in the credential.`;
}

/** An environment that is not there holds nothing: GitHub would make it, unprotected, for the first job that names it. */
function unreachable(home: SecretHome): ConsumerState {
  return {
    obstacles: [
      `${nameOf(home)} is not there. Make it with its protection first, or correct its name in the credential.`,
    ],
    current: undefined,
    idle: 'A',
    written: {},
    proofs: {},
    holders: NONE,
  };
}
