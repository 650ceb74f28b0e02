import type { Journal, ReadFact } from './journal.ts';
import type { Began, Ended, Ending } from './journal-entry.ts';
import type { Plan, Reason } from './plan.ts';

/** What every look at a credential has: the ARN that calls. */
export interface Seen {
  readonly caller: { readonly arn: string };
}

/** One kind of credential: how it is looked at, what comes next, and how one step is done. */
export interface Kind<Snapshot extends Seen, Step, Note extends { readonly kind: string }> {
  readonly readFact: ReadFact<Note | Began<Step> | Ended<Step>>;
  /** Throws when anything could not be observed. Unknown never counts as absent or unused. */
  observe(journal: Journal<Note | Began<Step> | Ended<Step>>): Promise<Snapshot>;
  plan(snapshot: Snapshot, journal: Journal<Note | Began<Step> | Ended<Step>>, now: number): Plan<Step, Note>;
  /** One call that changes something. Throws only when nobody knows whether it took effect. */
  apply(step: Step): Promise<Ending>;
  /** Reading calls with the stored credential; a reason when it does not work. */
  prove(version: string): Promise<{ readonly note: Note } | { readonly failed: Reason }>;
  /** Facts that give somebody a right, or tell of its use: they count when the run that wrote them has signed them too. */
  readonly gives?: (fact: Note | Began<Step> | Ended<Step>) => boolean;
}
