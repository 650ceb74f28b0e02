import type { Ended } from '../journal-entry.ts';
import type { Hold, Move } from '../plan.ts';
import { type RotationPolicy, SETTLE } from '../policy.ts';
import { times } from '../times.ts';
import { type AnyStep, type DeliveryProgress, stepKey } from './progress.ts';
import type { ObservedConsumer, ObservedEscrow } from './snapshot.ts';

/** What every kind's plan of an open generation has of its consumers. */
export interface DeliverySight {
  readonly seen: { readonly consumers: readonly ObservedConsumer[]; readonly escrow: ObservedEscrow };
  readonly progress: DeliveryProgress;
  readonly policy: Pick<RotationPolicy, 'closedUntil' | 'probeEvery'>;
  readonly now: number;
}

/** What a kind says of its old key while the new one is brought. */
export interface Ends<Step, Note> {
  /** It was taken away: its consumers are probed from then on, and brought nothing. */
  readonly away: boolean;
  /** It is gone for good: what follows only tidies up. */
  readonly gone: boolean;
  /** The fingerprint that escrow has until the new key is promoted; `undefined` where anything may be there. */
  readonly inEscrow: string | undefined;
  /** Something is wrong with the new key: the old one is brought back first, if it is we who took it away. */
  alarmed(hold: Hold): Move<Step, Note>;
}

type Acting = Pick<DeliverySight, 'now'> & {
  readonly progress: Pick<DeliveryProgress, 'refusals'>;
};

export function act<const Step extends AnyStep>(sight: Acting, step: Step): Move<Step, never> {
  const refused = sight.progress.refusals.get(stepKey(step));
  const until = refused ? refused.at + Math.min(15 * 2 ** (refused.times - 1), 12 * 60) * SETTLE : 0;
  if (refused && sight.now < until)
    return wait(until, `${step.do} was refused ${times(refused.times)}; it is tried again later`);
  return { kind: 'act', step };
}

/** Somebody's step took effect, and the run that took it did not live to say so. */
export function found<const Step extends AnyStep>(step: Step, key?: string): Move<never, Ended<Step>> {
  return { kind: 'note', note: { kind: 'ended', step, answer: 'done', found: true, ...(key && { key }) } };
}

export function wait(until: number, why: string): Move<never, never> {
  return { kind: 'wait', until, why };
}

/** The window or a freeze that keeps a change back. A leak does not wait. */
export function closedWindow({ policy, progress, now }: DeliverySight): Move<never, never> | undefined {
  if (policy.closedUntil === undefined || now >= policy.closedUntil || progress.compromised) return undefined;
  return wait(policy.closedUntil, 'the change window is closed');
}

export function consumersOf({ seen, progress }: DeliverySight): readonly ObservedConsumer[] {
  return seen.consumers.filter(({ id }) => progress.opened.consumers.includes(id));
}

export function cadencesOf(consumers: readonly ObservedConsumer[]): readonly number[] {
  return consumers.map(({ cadence }) => cadence);
}
