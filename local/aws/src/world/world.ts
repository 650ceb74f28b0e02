import type { Blobs } from './blobs.ts';
import type { VirtualClock } from './clock.ts';

/**
 * Everything that exists, shared by all services of one local-aws.
 * A service keeps its own state in `state(name, make)`, one store per account and region, and reads another
 * service's through that service's exported accessor (`ecrOf(world, account, region)`), never through HTTP.
 */
export interface World {
  readonly clock: VirtualClock;
  /** The one store of `name` in an account and region, made on first use. Plain data, so that it can be saved. */
  state<T extends object>(name: string, account: string, region: string, make: () => T): T;
  /** A store by its key (`keyOf`), if anybody has used it. */
  stored(key: string): object | undefined;
  /** Says that `state` has changed; saved soon where a directory is used. */
  touched(): void;
  /** Bytes that are too large for `state`: object bodies, image layers. Kept where the state is kept. */
  readonly blobs: Blobs;
  /** Address of this local-aws: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Accounts that exist. */
  readonly accounts: ReadonlySet<string>;
  /** What runs a task: a process of this machine, containers of an engine, or a script of states. */
  readonly runtime: 'process' | 'docker' | 'simulated';
  /** Things to end when the world ends (task processes, timers). */
  onClose(end: () => Promise<void> | void): void;
}
