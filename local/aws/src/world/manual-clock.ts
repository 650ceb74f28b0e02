import type { VirtualClock } from './clock.ts';

/** Time that passes only when it is told to: hours of a world in milliseconds, the same on every machine. */
export interface ManualClock extends VirtualClock {
  /** Lets virtual milliseconds pass, with all that happens in them, in its order; until `signal` is given at the most. */
  advance(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

interface Due {
  readonly at: number;
  readonly order: number;
  readonly work: () => void;
}

export function manualClock(start = Date.parse('2026-11-25T08:00:00Z')): ManualClock {
  let now = start;
  let order = 0;
  const queue = new Set<Due>();
  const after = (milliseconds: number, work: () => void) => {
    const due = { at: now + Math.max(0, milliseconds), order: order++, work };
    queue.add(due);
    return () => void queue.delete(due);
  };
  return {
    scale: 1,
    now: () => now,
    after,
    sleep: (milliseconds) => new Promise((resolve) => void after(milliseconds, resolve)),
    variable: '',
    date: () => new Date(Math.round(now)),
    advance: async (milliseconds, signal) => {
      const until = now + milliseconds;
      for (;;) {
        await settled();
        if (signal?.aborted) return;
        const next = firstOf(queue);
        if (!next || next.at > until) break;
        queue.delete(next);
        now = Math.max(now, next.at);
        next.work();
      }
      now = Math.max(now, until); // somebody else may have waited for longer meanwhile
    },
  };
}

function firstOf(queue: ReadonlySet<Due>): Due | undefined {
  let first: Due | undefined;
  for (const due of queue) {
    if (!first || due.at < first.at || (due.at === first.at && due.order < first.order)) first = due;
  }
  return first;
}

/** What a piece of work promised has been done; two rounds, because the answer to a health check is a promise too. */
async function settled(): Promise<void> {
  for (let round = 0; round < 2; round += 1) await new Promise((resolve) => setImmediate(resolve));
}
