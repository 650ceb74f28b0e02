import { factReader, isTexts } from '../fact-reader.ts';
import type { Began, Ended } from '../journal-entry.ts';

/** The calls that change something. Keys are named by fingerprint, places by the consumer's own words. */
export type Step =
  /** CreateAccessKey, and the pair into escrow as `version` with the next call. */
  | { readonly do: 'create'; readonly version: string }
  /** A key whose secret died with the run that made it: first this, then `delete-orphan`. */
  | { readonly do: 'disable-orphan'; readonly key: string }
  | { readonly do: 'delete-orphan'; readonly key: string }
  | { readonly do: 'stage'; readonly consumer: string; readonly place: string; readonly version: string }
  | {
      readonly do: 'ask-proof';
      readonly consumer: string;
      readonly place: string;
      readonly proof: string;
      /** What lay at the place when it was asked. */
      readonly mark: string;
      readonly when: 'before-cutover' | 'disabled';
    }
  | { readonly do: 'point'; readonly consumer: string; readonly place: string }
  | { readonly do: 'promote'; readonly version: string; readonly from: string | null }
  | { readonly do: 'disable'; readonly key: string }
  | { readonly do: 'enable'; readonly key: string; readonly because: string }
  | { readonly do: 'deny-sessions'; readonly before: string }
  | { readonly do: 'delete'; readonly key: string }
  | { readonly do: 'blank'; readonly consumer: string; readonly place: string }
  | { readonly do: 'settle'; readonly version: string };

/** What is intended, before anything is made: whose place the new key takes, and what existed. */
export interface Opened {
  readonly kind: 'opened';
  readonly reason: 'due' | 'forced' | 'compromise' | 'bootstrap' | 'adopted';
  readonly account: string;
  /** The ARN of the user whose keys these are. */
  readonly user: string;
  /** Fingerprints of all keys of the user. */
  readonly before: readonly string[];
  /** The key that will be retired; `null` when there was none. */
  readonly old: string | null;
  readonly consumers: readonly string[];
  readonly maxAgeDays: number;
}

export interface Proved {
  readonly kind: 'proved';
  readonly version: string;
  readonly key: string;
  readonly arn: string;
  readonly successes: number;
}

export interface Attested {
  readonly kind: 'attested';
  readonly consumer: string;
  readonly place: string;
  readonly mark: string;
  readonly by: string;
}

export interface Drained {
  readonly kind: 'drained';
  readonly key: string;
  readonly lastUse: string;
  /** Uses after the cut-over that CloudTrail knows of. */
  readonly stragglers: number;
}

/** A proof that was asked for after the old key was disabled. */
export interface Probed {
  readonly kind: 'probed';
  readonly consumer: string;
  readonly proof: string;
  readonly ok: boolean;
  readonly said: string;
}

/** Somebody said that the old key has leaked: it is disabled without a drain, and never brought back. */
export interface Compromised {
  readonly kind: 'compromised';
  readonly key: string;
}

export interface Closed {
  readonly kind: 'closed';
  readonly key: string;
  readonly deviations: readonly string[];
}

export type Note = Opened | Proved | Attested | Drained | Probed | Compromised | Closed | Ended<Step>;

export type AccessKeyFact = Note | Began<Step>;

/** What each kind of fact, and each step, must say as text, and whether it does. */
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  opened: ['reason', 'account', 'user'],
  began: ['session'],
  ended: ['answer'],
  proved: ['version', 'key', 'arn'],
  attested: ['consumer', 'place', 'mark', 'by'],
  drained: ['key', 'lastUse'],
  probed: ['consumer', 'proof', 'said'],
  compromised: ['key'],
  closed: ['key'],
};
const STEP_TEXTS: Readonly<Record<string, readonly string[]>> = {
  create: ['version'],
  'disable-orphan': ['key'],
  'delete-orphan': ['key'],
  stage: ['consumer', 'place', 'version'],
  'ask-proof': ['consumer', 'place', 'proof', 'mark', 'when'],
  point: ['consumer', 'place'],
  promote: ['version'],
  disable: ['key'],
  enable: ['key', 'because'],
  'deny-sessions': ['before'],
  delete: ['key'],
  blank: ['consumer', 'place'],
  settle: ['version'],
};

/** A fact that a journal holds. One that this version does not know stops the rotation: a newer version wrote it. */
export const readAccessKeyFact = factReader<AccessKeyFact>(TEXTS, STEP_TEXTS, (kind, fact) =>
  kind === 'opened' && !(isTexts(fact['before']) && isTexts(fact['consumers']))
    ? 'opens without saying what existed'
    : undefined,
);
