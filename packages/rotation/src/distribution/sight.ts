import { closedWindow as windowClosed } from '../change-window.ts';
import type { Hold, Move } from '../plan.ts';
import type { RotationPolicy } from '../policy.ts';
import { acting, type Waiting } from '../steps-taken.ts';
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
  /** It was taken away. From then on its consumers are only probed. */
  readonly away: boolean;
  /** It is gone for good. Only tidying up is left. */
  readonly gone: boolean;
  /** The fingerprint of the key that escrow must have until the new one is promoted; `undefined` if it may have any. */
  readonly inEscrow: string | undefined;
  /** Something is wrong with the new key. If we took the old one away, it is brought back first. */
  alarmed(hold: Hold): Move<Step, Note>;
}

type Acting = Pick<DeliverySight, 'now'> & {
  readonly progress: Pick<DeliveryProgress, 'refusals'>;
};

export function act<const Step extends AnyStep>({ progress, now }: Acting, step: Step): Move<Step, never> {
  return acting(progress, stepKey(step), step, now);
}

/** The window or a freeze that keeps a change of this generation back. */
export function closedWindow({ policy, progress, now }: DeliverySight): Waiting | undefined {
  return windowClosed(policy, now, progress.compromised);
}

export function consumersOf({ seen, progress }: DeliverySight): readonly ObservedConsumer[] {
  return seen.consumers.filter(({ id }) => progress.opened.consumers.includes(id));
}

export function cadencesOf(consumers: readonly ObservedConsumer[]): readonly number[] {
  return consumers.map(({ cadence }) => cadence);
}
