import type { Kind } from '@tenant-delivery/rotation/kind';
import type { ServerTime } from '@tenant-delivery/rotation/ports';
import { rotatable } from '@tenant-delivery/rotation/rotatable';
import { applyBreakGlassStep } from './apply.ts';
import { countsSigned, type Note, readBreakGlassFact, type Step } from './facts.ts';
import { observeBreakGlass } from './observe.ts';
import { planBreakGlass } from './plan.ts';
import type { BreakGlassTerms, BreakGlassWorld } from './ports.ts';
import { progressOf } from './progress.ts';
import { refusingBreakGlassWorld } from './refusing.ts';
import type { Snapshot } from './snapshot.ts';
import type { Wish } from './wish.ts';

interface Asking {
  readonly terms: BreakGlassTerms;
  readonly wish: Wish;
}

interface Run {
  readonly time: ServerTime;
  readonly process: string;
}

export type BreakGlassKind = Kind<Snapshot, Step, Note>;

/** A role that people get for an incident, for a while: a grant is opened and closed as a credential is rotated. */
export function breakGlassKind(world: BreakGlassWorld, asking: Asking, run: Run): BreakGlassKind {
  return {
    readFact: readBreakGlassFact,
    gives: countsSigned,
    observe: (journal) => observeBreakGlass(world, progressOf(journal), run.time.now()),
    plan: (seen, journal, now) => planBreakGlass(seen, journal, asking, now, run.process),
    apply: (step) => applyBreakGlassStep(world.role, step),
    prove: () => Promise.reject(new TypeError('there is no credential to prove')),
  };
}

/** A role for incidents, ready to be granted. */
export const rotatableBreakGlass = rotatable(breakGlassKind, refusingBreakGlassWorld);
