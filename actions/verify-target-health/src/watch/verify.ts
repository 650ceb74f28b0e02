import type { BakeTerms } from '@tenant-delivery/deployment';
import { type Began, bake } from '../bake/bake.ts';
import type { Probed } from '../probe/probe.ts';
import type { Watched } from '../report/ending.ts';
import type { Subject } from '../subject/subject.ts';
import type { Looks } from '../verify-world.ts';
import { lookAt, type Sight } from './observe.ts';
import { watch, watcher } from './watch.ts';

export interface Patience {
  /** Milliseconds since the epoch: until when the targets may take to be well. */
  readonly deadline: number;
  /** Milliseconds that this run may wait for a bake. */
  readonly wait: number;
  /** Called before each look while the targets are waited for. */
  readonly beforeLook: () => Promise<void>;
  /** Asks the balancer from inside, where that is wanted: once all tasks are well, in every run that may call them so. */
  readonly probe: ((hold: () => Promise<void>) => Promise<Probed>) | undefined;
  /** Begins the bake, or answers how an earlier run did. */
  readonly beginBake: (terms: BakeTerms) => Promise<Began>;
}

/** Waits until the targets are well, asks through the balancer and bakes, where that was agreed. */
export async function verify(world: Looks, subject: Subject, patience: Patience): Promise<Watched> {
  let waiting = true;
  const look = watcher(world, async (): Promise<Sight> => {
    if (waiting) await patience.beforeLook();
    return lookAt(world, subject);
  });
  const seen = await watch(world, look, patience.deadline);
  const unbaked = { baked: undefined, probed: undefined };
  if (seen.end !== 'verified') return { ...unbaked, seen, by: 'targets' };
  const probed = await patience.probe?.(patience.beforeLook);
  if (probed && probed.verdict !== 'healthy') return { ...unbaked, seen, probed, by: 'probe' };
  // A probe takes its time, and what an answer came from need not be there any more.
  const after = probed ? await watch(world, look, patience.deadline) : seen;
  waiting = false;
  const { terms } = subject;
  if (after.end !== 'verified' || !terms) return { ...unbaked, seen: after, probed, by: 'targets' };
  const began = await patience.beginBake(terms);
  const baked = await bake(world, subject, { terms, began, look, until: world.clock.now() + patience.wait });
  return { ...baked, probed };
}
