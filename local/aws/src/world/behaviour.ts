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
    throttling: throttling(world.clock),
    consistency: consistency(world),
    witness: witnessOf(world),
  };
  if (seed === undefined) return behaviour;
  behaviour.throttling.enforce();
  behaviour.consistency.enforce(seed);
  return behaviour;
}
