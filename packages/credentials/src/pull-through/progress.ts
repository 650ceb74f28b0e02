import type { Journal } from '@tenant-delivery/rotation/journal';
import { type StepsTaken, stepsTaken } from '@tenant-delivery/rotation/steps-taken';
import type { Closed, Opened, PullThroughFact, Step } from './facts.ts';

/** How far a generation is, by its journal. */
export interface Progress extends StepsTaken<Step> {
  readonly opened: Opened;
  /** The version that is to become current. */
  readonly candidate: string;
  /** The version that is current, by what this rotation has done. */
  readonly holds: string;
  /** When it became current; `undefined` again after the previous version came back. */
  readonly promotedAt: number | undefined;
  readonly returned: { readonly at: number; readonly because: string } | undefined;
  /** What ECR said since the last move of AWSCURRENT, or since the old one was revoked, in order. */
  readonly validations: readonly Validation[];
  readonly drainedAt: number | undefined;
  readonly revokedAt: number | undefined;
  readonly settled: boolean;
  readonly compromised: boolean;
  readonly closed: Closed | undefined;
}

export interface Validation {
  readonly at: number;
  readonly valid: boolean;
  readonly said: string;
}

/** `undefined` when no generation was ever opened. */
export function progressOf(journal: Journal<PullThroughFact>): Progress | undefined {
  const [first] = journal.entries;
  if (first?.fact.kind !== 'opened') return undefined;
  const opened = first.fact;
  let candidate = opened.staged;
  let holds = opened.old;
  let promotedAt: number | undefined;
  let returned: Progress['returned'];
  let validations: Validation[] = [];
  let drainedAt: number | undefined;
  let revokedAt: number | undefined;
  let settled = false;
  let compromised = opened.reason === 'compromise';
  let closed: Closed | undefined;
  for (const { fact, at: time } of journal.entries) {
    const at = Date.parse(time);
    if (fact.kind === 'staged') {
      candidate = fact.version;
      promotedAt = undefined;
      returned = undefined;
      validations = [];
    }
    if (fact.kind === 'validated') validations.push({ at, valid: fact.valid, said: fact.said });
    if (fact.kind === 'drained') drainedAt = at;
    if (fact.kind === 'revoked') {
      revokedAt = at;
      validations = []; // what ECR said before the old one was revoked proves nothing
    }
    if (fact.kind === 'compromised') compromised = true;
    if (fact.kind === 'closed') closed = fact;
    if (fact.kind !== 'ended' || fact.answer !== 'done') continue;
    const { step } = fact;
    if (step.do === 'settle') settled = true;
    else {
      validations = [];
      holds = step.version;
    }
    if (step.do === 'promote') promotedAt = at;
    if (step.do === 'back') {
      promotedAt = undefined;
      returned = { at, because: step.because };
    }
  }
  return {
    ...stepsTaken<Step>(journal, stepKey),
    opened,
    candidate,
    holds,
    promotedAt,
    returned,
    validations,
    drainedAt,
    revokedAt,
    settled,
    compromised,
    closed,
  };
}

export function stepKey(step: Step): string {
  return step.do;
}
