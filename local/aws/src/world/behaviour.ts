import type { VirtualClock } from './clock.ts';
import { type Consistency, consistency } from './consistency.ts';
import { type Throttling, throttling } from './throttling.ts';
import { type Witness, witnessOf } from './witness.ts';
import type { World } from './world.ts';

/** How AWS answers beside what it answers: held back, late, and what callers met of it. */
export interface Behaviour {
  readonly throttling: Throttling;
  readonly consistency: Consistency;
  readonly witness: Witness;
}

/** Without a seed nothing is held back or late. */
export function behaviourOf(world: World, seed?: string): Behaviour {
  const behaviour = {
    throttling: throttling({ now: () => waitedUntil(world.clock) }),
    consistency: consistency(world),
    witness: witnessOf(world),
  };
  if (seed === undefined) return behaviour;
  behaviour.throttling.enforce();
  behaviour.consistency.enforce(seed);
  return behaviour;
}

/** Where the world's time stands until it is told to pass, a client that waits for its turn waits on the machine's clock. */
function waitedUntil(clock: VirtualClock): number {
  return clock.variable === '' ? clock.now() + performance.now() : clock.now();
}
