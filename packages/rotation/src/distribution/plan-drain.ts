import { MINUTE } from '@tenant-delivery/domain';
import type { Move } from '../plan.ts';
import type { RotationPolicy } from '../policy.ts';
import { wait } from '../steps-taken.ts';
import { hold } from './reasons.ts';
import { consumersOf, type DeliverySight } from './sight.ts';

type Draining = DeliverySight & { readonly policy: Pick<RotationPolicy, 'drainDeadline'> };

/**
 * What shows that somebody may still hold the old key: runs from before the cut-over, or a use that is not `window` ago.
 * `since`: the last time at which somebody may have got it. `undefined`: nobody holds it any more.
 */
export function planDrain(
  sight: Draining,
  old: {
    readonly key: string;
    readonly since: number;
    readonly window: number;
    readonly facts: readonly string[];
  },
): Move<never, never> | undefined {
  const { progress, policy, now } = sight;
  const cutOverAt = progress.cutOverAt ?? now;
  const until = old.since + old.window;
  const holding = consumersOf(sight).filter(({ holders }) => holders.count > 0);
  if (now >= until && holding.length === 0) return undefined;
  const facts = [
    ...holding.map(
      ({ id, holders }) => `${id}: ${holders.count} runs may hold it: ${holders.examples.join(' ')}`,
    ),
    ...old.facts,
  ];
  if (now >= cutOverAt + policy.drainDeadline)
    return hold('ROTATION_DRAIN_OVERDUE', `The old key ${old.key} is still used.`, facts);
  const why = ['the old key may still be held', ...facts].join('; ');
  return wait(holding.length > 0 ? Math.max(until, now + 30 * MINUTE) : until, why);
}
