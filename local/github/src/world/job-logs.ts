import { randomBytes } from 'node:crypto';
import type { Job } from './job.ts';
import type { World } from './world.ts';

/** GitHub, "Download job logs for a workflow run": the address that it answers is good for a minute. */
const GOOD_FOR = 60_000;

const addresses = new WeakMap<World, Map<string, { readonly job: Job; readonly until: number }>>();

/** An address at which anybody who has it can read the job's log, for a minute. */
export function logAddress(world: World, job: Job): string {
  const known = addresses.get(world) ?? new Map();
  addresses.set(world, known);
  const key = randomBytes(16).toString('hex');
  known.set(key, { job, until: world.clock.now() + GOOD_FOR });
  return `${world.url}/_services/logs/${key}`;
}

/** `undefined` where there is no such address, or no more. */
export function logAt(world: World, key: string): string | undefined {
  const found = addresses.get(world)?.get(key);
  return found && found.until > world.clock.now() ? found.job.log : undefined;
}
