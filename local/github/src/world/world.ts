import { type Caches, createCaches } from '../cache/entries.ts';
import { type SigningKey, signingKey } from '../oidc/signing-key.ts';
import { actionsBot } from './actions-bot.ts';
import type { App, Installation } from './app.ts';
import type { DeployKey } from './deploy-key.ts';
import { createFaults, type Faults } from './fault.ts';
import type { Repository } from './repository.ts';
import type { Store } from './secret-store.ts';
import type { Principal } from './tokens.ts';
import type { User } from './user.ts';
import { webFlow } from './web-flow.ts';

/** Milliseconds since the epoch, and how many times faster than the machine's they pass; once where nobody says. */
export interface Clock {
  readonly scale?: number;
  now(): number;
}

/** Everything that this GitHub holds. In memory, except the git repositories. */
export interface World {
  readonly clock: Clock;
  /** Where it is served: `GITHUB_SERVER_URL`, without a slash at its end. */
  readonly url: string;
  /** By login in lower case. */
  readonly users: Map<string, User>;
  /** By `owner/name` in lower case. */
  readonly repositories: Map<string, Repository>;
  readonly tokens: Map<string, Principal>;
  /** By App id. */
  readonly apps: Map<number, App>;
  /** By installation id. */
  readonly installations: Map<number, Installation>;
  /** Secrets and variables, by holder: `storeOf` finds them. */
  readonly stores: Map<string, Store>;
  /** By repository id. */
  readonly deployKeys: Map<number, DeployKey[]>;
  /** The issuer's key, made when it is first needed: many tests never ask for a token. */
  signingKey(): SigningKey;
  /** Calls to the API that each kind of token may make in an hour. */
  readonly hourlyLimit: Record<'job' | 'user' | 'installation' | 'anonymous', number>;
  readonly faults: Faults;
  readonly caches: Caches;
  /** Every call to the API that was answered, in order. */
  readonly calls: RecordedCall[];
  /** The next number for whatever needs one; numbers are never used twice. */
  nextId(): number;
}

export interface RecordedCall {
  readonly method: string;
  /** Below the API's base. */
  readonly path: string;
  readonly status: number;
  /** A login, `job N`, the App's slug or `anonymous`. */
  readonly by: string;
}

export function createWorld(url: string, clock: Clock = Date): World {
  let last = 1_000_000;
  let key: SigningKey | undefined;
  const world: World = {
    clock,
    url,
    users: new Map(),
    repositories: new Map(),
    tokens: new Map(),
    apps: new Map(),
    installations: new Map(),
    stores: new Map(),
    deployKeys: new Map(),
    signingKey: () => {
      key ??= signingKey();
      return key;
    },
    hourlyLimit: { job: 1000, user: 5000, installation: 5000, anonymous: 60 },
    faults: createFaults(),
    caches: createCaches(),
    calls: [],
    nextId: () => {
      last += 1;
      return last;
    },
  };
  for (const own of [actionsBot, webFlow]) own(world); // they are on every GitHub
  return world;
}

/** `2026-11-24T07:30:00Z`: GitHub's times have no fractions. */
export function timeOf(world: World, at: number = world.clock.now()): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
