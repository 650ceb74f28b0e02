import type { BakeTerms } from '@tenant-delivery/deployment/health/judge-bake';
import { type BakeStart, bake } from '../bake/bake.ts';
import type { ProbeResult } from '../probe/probe.ts';
import type { WatchResult } from '../report/ending.ts';
import type { Subject } from '../subject/subject.ts';
import type { HealthWorld } from '../verify-world.ts';
import { type Observation, observe } from './observe.ts';
import { watch, watcher } from './watch.ts';

export interface Patience {
  /** Milliseconds since the epoch: until when the targets may take to be well. */
  readonly deadline: number;
  /** Milliseconds that this run may wait for a bake. */
  readonly wait: number;
  /** Called before each look while the targets are waited for. */
  readonly beforeLook: () => Promise<void>;
  /** Asks the balancer from inside, where that is wanted: once all tasks are well, in every run that may call them so. */
  readonly probe: ((hold: () => Promise<void>) => Promise<ProbeResult>) | undefined;
  /** Begins the bake, or answers how an earlier run did. */
  readonly beginBake: (terms: BakeTerms) => Promise<BakeStart>;
}

/** Waits until the targets are well, asks through the balancer and bakes, where that was agreed. */
export async function verify(world: HealthWorld, subject: Subject, patience: Patience): Promise<WatchResult> {
  let waiting = true;
  const look = watcher(world, async (): Promise<Observation> => {
    if (waiting) await patience.beforeLook();
    return observe(world, subject);
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
