import type { Clock } from '@tenant-delivery/action-kit/clock';

/** A clock that moves only when somebody sleeps: hours pass at once, and tests can act at a given time. */
export interface FakeClock extends Clock {
  /** Runs `work` when a sleep passes this many milliseconds after the start. Time stands until it is done. */
  at(milliseconds: number, work: () => void | Promise<void>): void;
}

export function fakeClock(start = Date.UTC(2026, 10, 24, 9, 0, 0)): FakeClock {
  let now = start;
  const due: { time: number; work: () => void | Promise<void> }[] = [];
  return {
    now: () => now,
    at: (milliseconds, work) => due.push({ time: start + milliseconds, work }),
    sleep: async (milliseconds, signal) => {
      const until = now + milliseconds;
      for (const next of due.toSorted((a, b) => a.time - b.time)) {
        if (next.time > until || signal?.aborted) continue;
        now = Math.max(now, next.time);
        due.splice(due.indexOf(next), 1);
        const done = next.work();
        if (done) await done;
      }
      if (!signal?.aborted) now = until;
      await Promise.resolve();
    },
  };
}
