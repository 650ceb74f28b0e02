import { appendFileSync } from 'node:fs';
import type { World } from './world.ts';

/** What callers met that only time explains: how many replies were older than the truth, and how many requests were held back. */
export interface Witness {
  stale(service: string, operation: string): void;
  throttled(service: string, operation: string): void;
  readonly counts: WitnessCounts;
}

/** By `service:Operation`. */
export interface WitnessCounts {
  readonly stale: Readonly<Record<string, number>>;
  readonly throttled: Readonly<Record<string, number>>;
}

const witnesses = new WeakMap<World, Witness>();

/** The one witness of a world. */
export function witnessOf(world: World): Witness {
  const known = witnesses.get(world) ?? witness();
  witnesses.set(world, known);
  return known;
}

function witness(): Witness {
  const counts = { stale: {} as Record<string, number>, throttled: {} as Record<string, number> };
  const one = (of: Record<string, number>) => (service: string, operation: string) => {
    const name = `${service}:${operation}`;
    of[name] = (of[name] ?? 0) + 1;
  };
  return { stale: one(counts.stale), throttled: one(counts.throttled), counts };
}

/** Appends what a world saw, and for which suite, to the file that LOCAL_AWS_WITNESS of the environment names. */
export function keepWitness(counts: WitnessCounts, env: NodeJS.ProcessEnv = process.env): void {
  const { LOCAL_AWS_WITNESS: file, JEST_SUITE: suite } = env;
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ suite, ...counts })}\n`);
}
