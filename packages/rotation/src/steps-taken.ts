import { MINUTE } from '@tenant-delivery/domain';
import type { Journal } from './journal.ts';
import type { Began, Ended, RunFacts } from './journal-entry.ts';
import { LEASE } from './lease.ts';
import type { Move } from './plan.ts';
import { times } from './times.ts';

/** What a journal says of its steps, whatever the kind of credential is. */
export interface StepsTaken<Step> {
  /** How often a step was refused since it was last done, and when last, by its key. */
  readonly refusals: ReadonlyMap<string, { readonly times: number; readonly at: number }>;
  /** Steps that began and whose end nobody knows, by their keys. */
  readonly unended: ReadonlyMap<string, Step>;
  /** The last entry, when it is a claim that nobody has ended. */
  readonly claim: { readonly step: Step; readonly at: number; readonly by: RunFacts } | undefined;
}

/** `keyOf`: what two tries of a step have in common. */
export function stepsTaken<Step>(
  { entries }: Journal<{ readonly kind: string } | Began<Step> | Ended<Step>>,
  keyOf: (step: Step) => string,
): StepsTaken<Step> {
  const refusals = new Map<string, { times: number; at: number }>();
  const unended = new Map<string, Step>();
  let claim: StepsTaken<Step>['claim'];
  for (const { fact, at, by } of entries) {
    claim = undefined;
    if (!('step' in fact)) continue;
    const key = keyOf(fact.step);
    if (fact.kind === 'began') {
      claim = { step: fact.step, at: Date.parse(at), by };
      unended.set(key, fact.step);
      continue;
    }
    if (!('answer' in fact) || fact.answer === 'unknown') continue;
    unended.delete(key);
    if (fact.answer === 'done') refusals.delete(key);
    if (fact.answer === 'refused')
      refusals.set(key, { times: (refusals.get(key)?.times ?? 0) + 1, at: Date.parse(at) });
  }
  return { refusals, unended, claim };
}

export type Waiting = Extract<Move<never, never>, { readonly kind: 'wait' }>;

export function wait(until: number, why: string): Waiting {
  return { kind: 'wait', until, why };
}

/**
 * No run acts while another has claimed a step and may still be taking it. A claim of this very process is one whose end
 * could not be written; this run looks for its result as for another run's.
 */
export function besideClaim<Step extends { readonly do: string }>(
  { claim }: Pick<StepsTaken<Step>, 'claim'>,
  process: string,
  now: number,
): Waiting | undefined {
  if (!claim || claim.by.process === process || now >= claim.at + LEASE) return undefined;
  return wait(claim.at + LEASE, `run ${claim.by.run} is at work, or died: ${claim.step.do}`);
}

/** A step that was refused is tried again, with longer and longer waits. */
export function acting<const Step extends { readonly do: string }>(
  { refusals }: Pick<StepsTaken<unknown>, 'refusals'>,
  key: string,
  step: Step,
  now: number,
): Waiting | { readonly kind: 'act'; readonly step: Step } {
  const refused = refusals.get(key);
  const until = refused ? refused.at + Math.min(15 * 2 ** (refused.times - 1), 12 * 60) * MINUTE : 0;
  if (refused && now < until)
    return wait(until, `${step.do} was refused ${times(refused.times)}; it is tried again later`);
  return { kind: 'act', step };
}

/** The run that took a step died before it could say how it ended; this run has looked. */
export function found<const Step>(
  step: Step,
  { answer = 'done', key }: Pick<Partial<Ended<Step>>, 'answer' | 'key'> = {},
): { readonly kind: 'note'; readonly note: Ended<Step> } {
  return { kind: 'note', note: { kind: 'ended', step, answer, found: true, ...(key && { key }) } };
}

/** `stage github:acme/orders B`. */
export function sayStep(step: { readonly do: string }): string {
  return Object.values(step)
    .filter((part) => typeof part === 'string')
    .join(' ');
}
