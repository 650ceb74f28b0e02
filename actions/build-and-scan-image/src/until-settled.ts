import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { Step } from './judge-progress.ts';

const FIRST_WAIT = 3_000; // milliseconds between looks
const LONGEST_WAIT = 30_000;
const GROWTH = 1.5;
/** After this long what a registry does not list will not begin any more. */
const UNLISTED = 2 * 60_000;

interface Waiting {
  readonly clock: Clock;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** Looks until every step is complete; answers what keeps it from that, and nothing when nothing does. */
export async function untilSettled(
  look: () => Promise<readonly Step[]>,
  { clock, deadline, signal, log }: Waiting,
): Promise<readonly string[]> {
  const begun = clock.now();
  let told = '';
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * GROWTH, LONGEST_WAIT)) {
    const open = (await look()).filter(({ state }) => state !== 'complete');
    const sayAll = (steps: readonly Step[], why = '') => steps.map(({ said }) => `${said}${why}`);
    if (open.length === 0) return [];
    const failed = open.filter(({ state }) => state === 'failed');
    if (failed.length > 0) return sayAll(failed);
    const now = clock.now();
    const unlisted = open.filter(({ state }) => state === 'unlisted');
    if (unlisted.length > 0 && now - begun >= UNLISTED) return sayAll(unlisted);
    if (signal.aborted) return sayAll(open, ' when the job was cancelled');
    if (now >= deadline) return sayAll(open, ' when time ran out');
    const saying = sayAll(open).join('; ');
    if (saying !== told) log(`Waiting: ${saying}`);
    told = saying;
    await clock.sleep(Math.min(wait, deadline - now), signal);
  }
}
