import type { Move } from '@tenant-delivery/rotation/plan';
import type { Note, Step } from './facts.ts';
import type { Statement } from './policy-document.ts';
import type { BreakGlassTerms, ObservedRole } from './ports.ts';
import type { Progress } from './progress.ts';
import type { Snapshot } from './snapshot.ts';
import type { Wish } from './wish.ts';

export type BreakGlassMove = Move<Step, Note>;

/** What a plan is made from once the role is the one that was agreed. */
export interface Sight {
  readonly seen: Snapshot;
  readonly role: ObservedRole;
  readonly progress: Progress;
  readonly terms: BreakGlassTerms;
  readonly wish: Wish;
  readonly foreign: readonly Statement[];
  readonly now: number;
}

export function note(said: Note): BreakGlassMove {
  return { kind: 'note', note: said };
}
