import type { Environment } from './environment.ts';
import type { Repository } from './repository.ts';
import type { User } from './user.ts';
import type { World } from './world.ts';

/** Whose secrets and variables they are: a repository's, one environment's, an organisation's. */
export type Holder =
  | { readonly kind: 'repository'; readonly repository: Repository }
  | { readonly kind: 'environment'; readonly repository: Repository; readonly environment: Environment }
  | { readonly kind: 'organisation'; readonly organisation: User };

/** What an organisation's secret or variable is seen by. */
export interface Sharing {
  visibility: 'all' | 'private' | 'selected';
  /** Ids of repositories, for `selected`. */
  selected: ReadonlySet<number>;
}

export interface Stored {
  readonly name: string;
  /** A secret's value as libsodium opened it: what a job would get. No answer of the API has it. */
  value: string;
  readonly createdAt: number;
  updatedAt: number;
  /** Of an organisation's alone. */
  readonly sharing?: Sharing;
}

/** The secrets and variables of one holder, by name in capitals, and the keys that secrets are sealed to. */
export interface Store {
  readonly secrets: Map<string, Stored>;
  readonly variables: Map<string, Stored>;
  /** The newest last. Secrets that were sealed to an older one are not opened any more. */
  readonly keyPairs: KeyPair[];
}

export interface KeyPair {
  readonly id: string;
  readonly publicKey: Uint8Array;
  readonly privateKey: Uint8Array;
}

export function storeOf(world: World, holder: Holder): Store {
  const key = keyOf(holder);
  const store = world.stores.get(key) ?? { secrets: new Map(), variables: new Map(), keyPairs: [] };
  world.stores.set(key, store);
  return store;
}

function keyOf(holder: Holder): string {
  if (holder.kind === 'organisation') return `organisation ${holder.organisation.id}`;
  if (holder.kind === 'repository') return `repository ${holder.repository.id}`;
  return `environment ${holder.environment.id}`;
}

/** The key that secrets are to be sealed to now; made when it is first asked for. */
export async function currentKey(world: World, holder: Holder): Promise<KeyPair> {
  const { keyPairs } = storeOf(world, holder);
  return keyPairs.at(-1) ?? (await renewKey(world, holder));
}

/** From now on GitHub takes what is sealed to a new key alone, as when it replaces one. */
export async function renewKey(world: World, holder: Holder): Promise<KeyPair> {
  const { crypto_box_keypair } = await sodium();
  const { publicKey, privateKey } = crypto_box_keypair();
  const pair = { id: `${568_250_000_000_000_000n + BigInt(world.nextId())}`, publicKey, privateKey };
  storeOf(world, holder).keyPairs.push(pair);
  return pair;
}

/** What is in a sealed box, by libsodium itself; undefined when it was not sealed to this key. */
export async function openBox(pair: KeyPair, box: Uint8Array): Promise<string | undefined> {
  const { crypto_box_seal_open, to_string } = await sodium();
  try {
    return to_string(crypto_box_seal_open(box, pair.publicKey, pair.privateKey));
  } catch {
    return undefined; // libsodium throws for a wrong key, a short box and a changed one alike
  }
}

/** Loaded when the first secret is written: few tests write any. */
async function sodium() {
  const { default: library } = await import('libsodium-wrappers');
  await library.ready;
  return library;
}

/** What a run in a repository reads when it is queued: the repository's own win over the organisation's. */
export function readableIn(
  world: World,
  repository: Repository,
  of: 'secrets' | 'variables',
): Readonly<Record<string, string>> {
  const holder = { kind: 'organisation', organisation: repository.owner } as const;
  const shared = [...storeOf(world, holder)[of].values()];
  const seen = shared.filter(({ sharing }) => sharing === undefined || sees(repository, sharing));
  const inherited = Object.fromEntries(seen.map(({ name, value }) => [name, value]));
  return { ...inherited, ...ownedBy(world, { kind: 'repository', repository }, of) };
}

/** The secrets or variables of one holder alone. */
export function ownedBy(
  world: World,
  holder: Holder,
  of: 'secrets' | 'variables',
): Readonly<Record<string, string>> {
  return Object.fromEntries([...storeOf(world, holder)[of].values()].map(({ name, value }) => [name, value]));
}

function sees(repository: Repository, { visibility, selected }: Sharing): boolean {
  if (visibility === 'selected') return selected.has(repository.id);
  return visibility === 'all' || repository.visibility !== 'public';
}
