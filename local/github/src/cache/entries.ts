import { randomBytes } from 'node:crypto';
import type { CacheScope } from './scopes.ts';

/** Caches that nobody restored for so long are removed ("Usage limits and eviction policy", "Dependency caching reference"). */
const UNUSED_FOR = 7 * 24 * 60 * 60 * 1000;

/** A cache of one repository. It can be restored once it is finished, and never changes then. */
export interface CacheEntry {
  readonly id: number;
  readonly scope: string;
  readonly key: string;
  /** What the client computes of paths and compression: a cache of another version is another cache. */
  readonly version: string;
  readonly createdAt: number;
  usedAt: number;
  finished: boolean;
  /** Blocks that are not in a list yet, by their ids. */
  readonly blocks: Map<string, Buffer>;
  content: Buffer | undefined;
}

/** What a signed address lets its holder do, until when. */
export interface SignedAccess {
  readonly entry: CacheEntry;
  /** As `sp` of Azure says it: create and write, or read. */
  readonly permissions: 'cw' | 'r';
  readonly until: number;
}

/** The caches of a GitHub. */
export interface Caches {
  /** By repository id, the oldest first. */
  readonly entries: Map<number, CacheEntry[]>;
  /** By the signature in the address. */
  readonly signed: Map<string, SignedAccess>;
  /** Bytes of a repository, 10 GB at GitHub unless somebody pays for more. */
  limit: number;
}

export function createCaches(): Caches {
  return { entries: new Map(), signed: new Map(), limit: 10 * 1024 ** 3 };
}

export interface Wanted {
  readonly key: string;
  readonly version: string;
}

/** Begins a cache, which others cannot begin then; `undefined` if there is one of this key, version and scope. */
export function reserveEntry(
  caches: Caches,
  repository: number,
  wanted: Wanted & Pick<CacheEntry, 'id' | 'scope'>,
  now: number,
): CacheEntry | undefined {
  const all = kept(caches, repository, now);
  if (all.some((each) => isSame(each, wanted, wanted.scope))) return undefined;
  const entry: CacheEntry = {
    ...wanted,
    createdAt: now,
    usedAt: now,
    finished: false,
    blocks: new Map(),
    content: undefined,
  };
  all.push(entry);
  return entry;
}

/** The cache that was begun in this scope and is not finished. */
export function begunEntry(
  caches: Caches,
  repository: number,
  wanted: Wanted,
  scope: string,
): CacheEntry | undefined {
  return caches.entries.get(repository)?.find((each) => !each.finished && isSame(each, wanted, scope));
}

/** It can be restored from now on. Where there is too much, what was used the longest ago goes. */
export function finishEntry(caches: Caches, repository: number, entry: CacheEntry, now: number): void {
  entry.finished = true;
  entry.usedAt = now;
  entry.blocks.clear();
  const all = kept(caches, repository, now);
  const sizeOf = ({ content }: CacheEntry) => content?.length ?? 0;
  let size = all.reduce((sum, each) => sum + sizeOf(each), 0);
  for (const each of [...all].filter((one) => one.finished).sort((a, b) => a.usedAt - b.usedAt)) {
    if (size <= caches.limit) break;
    size -= sizeOf(each);
    all.splice(all.indexOf(each), 1);
  }
}

/**
 * The cache to restore ("Cache key matching", "Dependency caching reference"): in each scope the key itself, the newest one that
 * begins with it, and then the same for each restore key.
 */
export function findEntry(
  caches: Caches,
  repository: number,
  scopes: readonly CacheScope[],
  { key, version, restoreKeys }: Wanted & { readonly restoreKeys: readonly string[] },
  now: number,
): CacheEntry | undefined {
  const usable = kept(caches, repository, now).filter((each) => each.finished && each.version === version);
  for (const { ref } of scopes) {
    const here = usable.filter(({ scope }) => scope === ref);
    for (const asked of [key, ...restoreKeys]) {
      const found =
        here.find((each) => each.key === asked) ?? here.findLast((each) => each.key.startsWith(asked));
      if (found) {
        found.usedAt = now;
        return found;
      }
    }
  }
  return undefined;
}

/** A signature for an address of the cache's content. */
export function signFor(caches: Caches, access: SignedAccess): string {
  const signature = randomBytes(32).toString('base64url');
  caches.signed.set(signature, access);
  return signature;
}

/** The repository's caches, without those that nobody used for too long. */
function kept(caches: Caches, repository: number, now: number): CacheEntry[] {
  const all = (caches.entries.get(repository) ?? []).filter(({ usedAt }) => usedAt > now - UNUSED_FOR);
  caches.entries.set(repository, all);
  return all;
}

function isSame(entry: CacheEntry, { key, version }: Wanted, scope: string): boolean {
  return entry.key === key && entry.version === version && entry.scope === scope;
}
