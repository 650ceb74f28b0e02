import { isTexts } from '../fact-reader.ts';

/** Steps from a key in escrow to consumers that use it. Places are named by the consumer's own words. */
export type DeliveryStep =
  | { readonly do: 'stage'; readonly consumer: string; readonly place: string; readonly version: string }
  | {
      readonly do: 'ask-proof';
      readonly consumer: string;
      readonly place: string;
      readonly proof: string;
      /** What lay at the place when it was asked. */
      readonly mark: string;
      /** `disabled`: after the old key was taken away. */
      readonly when: 'before-cutover' | 'disabled';
    }
  | { readonly do: 'point'; readonly consumer: string; readonly place: string }
  | { readonly do: 'promote'; readonly version: string; readonly from: string | null }
  | { readonly do: 'blank'; readonly consumer: string; readonly place: string }
  | { readonly do: 'settle'; readonly version: string };

export interface Attested {
  readonly kind: 'attested';
  readonly consumer: string;
  readonly place: string;
  readonly mark: string;
  readonly by: string;
}

/** A proof that was asked for after the old key was taken away. */
export interface Probed {
  readonly kind: 'probed';
  readonly consumer: string;
  readonly proof: string;
  readonly ok: boolean;
  readonly said: string;
}

/** Somebody said that the old key has leaked: it is taken away without a drain, and never brought back. */
export interface Compromised {
  readonly kind: 'compromised';
  readonly key: string;
}

/** What is intended, before anything is made: whose place the new key takes, and what existed. */
export interface OpenedOver {
  readonly kind: 'opened';
  readonly reason: 'due' | 'forced' | 'compromise' | 'bootstrap' | 'adopted';
  readonly account: string;
  /** Fingerprints of all keys that there were. */
  readonly before: readonly string[];
  /** The fingerprint of the key that will be retired; `null` when there was none. */
  readonly old: string | null;
  readonly consumers: readonly string[];
  readonly maxAgeDays: number;
}

/** What is wrong with a fact of this kind, beside its texts. */
export function opensBlindly(kind: string, fact: Readonly<Record<string, unknown>>): string | undefined {
  const blind = kind === 'opened' && !(isTexts(fact['before']) && isTexts(fact['consumers']));
  return blind ? 'opens without saying what existed' : undefined;
}

/** What each kind of fact, and each step, must say as text. */
export const DELIVERY_TEXTS = {
  began: ['session'],
  ended: ['answer'],
  attested: ['consumer', 'place', 'mark', 'by'],
  probed: ['consumer', 'proof', 'said'],
  compromised: ['key'],
} as const;
export const DELIVERY_STEP_TEXTS: Readonly<Record<DeliveryStep['do'], readonly string[]>> = {
  stage: ['consumer', 'place', 'version'],
  'ask-proof': ['consumer', 'place', 'proof', 'mark', 'when'],
  point: ['consumer', 'place'],
  promote: ['version'],
  blank: ['consumer', 'place'],
  settle: ['version'],
};

export function isDeliveryStep(step: { readonly do: string }): step is DeliveryStep {
  return Object.hasOwn(DELIVERY_STEP_TEXTS, step.do);
}
