import { nameOf, type SecretHome } from '@tenant-delivery/credentials/secret-home';
import type { Answer, ConsumerState, KeyPair } from '@tenant-delivery/rotation/ports';
import type { Probe } from '../actions/slot-proofs.ts';
import type { Changed } from '../session/answers.ts';
import type { GithubClient } from '../session/github-client.ts';
import type { ActionsSecrets, KnownSecret } from './actions-secrets.ts';
import { permissionsFor } from './secret-home.ts';
import { type Readers, readersOf } from './secret-readers.ts';
import type { Sharing } from './sharing.ts';

/** A credential that workflows read from secrets of Actions. */
export interface SecretConsumerOptions {
  readonly home: SecretHome;
  /** `AWS_KEY`: the names of secrets and variable begin with it. */
  readonly name: string;
  /** `owner/name` of every repository whose runs read it; of an organisation's secrets GitHub itself says that. */
  readonly repositories: readonly string[];
  readonly probe: Probe;
  /** By which the probe is started and read; the one client for all when it is absent. */
  readonly prover?: GithubClient;
  /** Milliseconds between two uses, at the longest. */
  readonly cadence: number;
  /** What a slot keeps: `pair` an id and its secret, `value` a secret alone. `pair` when it is not said. */
  readonly keeps?: 'pair' | 'value';
}

export const NONE = { count: 0, examples: [] } as const;

type Half = KnownSecret | 'absent';

export function readAtOf({ kind }: SecretHome) {
  return kind === 'environment' ? 'job-started' : 'queued';
}

/** One secret of Actions, and which part of a key it keeps. */
export interface Part {
  readonly name: string;
  readonly of: (key: KeyPair) => string;
}

export const SECRET = (key: KeyPair) => key.secret.reveal();

/** The secret goes first: an id without its secret is a key that cannot sign, the other way round it is the old key. */
export function pairOf(idName: string, secretName: string): readonly Part[] {
  return [
    { name: secretName, of: SECRET },
    { name: idName, of: ({ id }) => id },
  ];
}

export async function writeAll(
  secrets: ActionsSecrets,
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

export async function deleteAll(
  secrets: ActionsSecrets,
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

export function answered(changed: Changed, what: string, home: SecretHome | undefined): Answer {
  if (changed.kind === 'done') return 'done';
  if (changed.kind === 'unknown') return 'unknown';
  const needed = home && changed.status === 403 ? `; it needs ${listed(permissionsFor(home))}` : '';
  return { refused: `GitHub refused ${what} with ${changed.status}: ${changed.said}${needed}` };
}

const listed = (permissions: Readonly<Record<string, string>>) =>
  Object.entries(permissions)
    .map(([name, access]) => `${name}: ${access}`)
    .join(', ');

export function markOf(place: string, halves: readonly Half[]): readonly (readonly [string, string])[] {
  const moments = halves.map((half) => (half === 'absent' ? undefined : half.updatedAt));
  return moments.length > 0 && moments.every((moment) => moment !== undefined)
    ? [[place, moments.join(' ')]]
    : [];
}

/** What an organisation's secrets are seen by now; every write keeps it. */
export function sharingNowOf(home: SecretHome, halves: readonly Half[]): Sharing | undefined | 'unsaid' {
  if (home.kind !== 'organisation') return undefined;
  return halves.flatMap((half) => (half === 'absent' ? [] : (half.sharing ?? [])))[0] ?? 'unsaid';
}

/** Whose runs may hold the secrets. */
export async function readersIn(
  github: GithubClient,
  { home, repositories, probe }: SecretConsumerOptions,
  halves: readonly Half[],
  pointer?: Sharing,
): Promise<Readers> {
  if (home.kind !== 'organisation') return { repositories, obstacles: [] };
  const there = halves.filter((half) => half !== 'absent');
  return readersOf(github, home, there, pointer, probe.repository);
}

export function missingProbe({ repository, workflow }: Probe): string {
  return `${repository} has no .github/workflows/${workflow}. Add the workflow that proves a key, or name another in the credential.`;
}

/** An environment that is not there holds nothing: GitHub would make it, unprotected, for the first job that names it. */
export function unreachable(home: SecretHome): ConsumerState {
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
