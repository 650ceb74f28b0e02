import type { Clock } from '@tenant-delivery/action-kit/clock';
import { Failure } from '@tenant-delivery/action-kit/failure';

/** Failures to observe that pass by themselves. A denial or an ended session never does, and is fatal at once. */
const PASSING: ReadonlySet<string> = new Set([
  'AWS_THROTTLED',
  'AWS_UNAVAILABLE',
  'AWS_UNKNOWN_OUTCOME',
  'AWS_EMPTY_REPLY',
]);

/** Whether a failure to observe passes by itself: what was not observed is unknown, and may be known soon. */
export function passes(thrown: unknown): boolean {
  return thrown instanceof Failure && PASSING.has(thrown.code);
}

const EVERY = 5_000; // milliseconds between two tries

export interface Patience {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Milliseconds for which nothing at all may be seen. */
  readonly limit: number;
  readonly say: (line: string) => void;
}

/**
 * Repeats a look that could not be made, after the client's own retries: what was not observed is unknown, and an
 * unknown decides nothing. Throws the last failure when the limit is over or the run is cancelled.
 */
export async function patiently<T>(look: () => Promise<T>, patience: Patience): Promise<T> {
  const { clock, signal, limit, say } = patience;
  const until = clock.now() + limit;
  for (;;) {
    try {
      return await look();
    } catch (thrown) {
      if (!passes(thrown) || signal.aborted || clock.now() >= until) throw thrown;
      say(`Nothing could be seen (${codeOf(thrown)}); looking again`);
    }
    await clock.sleep(EVERY, signal);
  }
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Failure ? thrown.code : 'UNEXPECTED';
}
