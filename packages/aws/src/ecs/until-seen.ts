import type { Clock } from '@tenant-delivery/action-kit/clock';

/** Milliseconds between two looks: half a minute altogether. */
const WAITS = [1_000, 2_000, 4_000, 8_000, 15_000] as const;

/**
 * Looks until a change that ECS has taken is seen. What it answers right after a change may be older ("The Amazon ECS API
 * follows an eventual consistency model", RunTask), and who believes it does the change once more. A look that fails shows
 * nothing; a change that is never seen is left to the next observation.
 */
export async function untilSeen(clock: Pick<Clock, 'sleep'>, look: () => Promise<boolean>): Promise<void> {
  for (const wait of WAITS) {
    if (await look().catch(() => false)) return;
    await clock.sleep(wait);
  }
}
