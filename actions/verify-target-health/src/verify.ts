import type { BakeTerms } from '@tenant-delivery/deployment';
import { type Began, bake } from './bake.ts';
import type { Watched } from './ending.ts';
import { lookAt, type Sight } from './look.ts';
import type { Subject } from './subject.ts';
import type { Looks } from './verify-world.ts';
import { watch, watcher } from './watch.ts';

export interface Patience {
  /** Milliseconds since the epoch: until when the targets may take to be well. */
  readonly deadline: number;
  /** Milliseconds that this run may wait for a bake. */
  readonly wait: number;
  /** Called before each look while the targets are waited for. */
  readonly beforeLook: () => Promise<void>;
  /** Begins the bake, or answers how an earlier run did. */
  readonly beginBake: (terms: BakeTerms) => Promise<Began>;
}

/** Waits until the targets are well, then bakes where that was agreed. */
export async function verify(world: Looks, subject: Subject, patience: Patience): Promise<Watched> {
  let waiting = true;
  const look = watcher(world, async (): Promise<Sight> => {
    if (waiting) await patience.beforeLook();
    return lookAt(world, subject);
  });
  const seen = await watch(world, look, patience.deadline);
  waiting = false;
  const { terms } = subject;
  if (seen.end !== 'verified' || !terms) return { seen, baked: undefined, by: 'targets' };
  const began = await patience.beginBake(terms);
  return bake(world, subject, { terms, began, look, until: world.clock.now() + patience.wait });
}
