import {
  type Attested,
  type Compromised,
  DELIVERY_STEP_TEXTS,
  DELIVERY_TEXTS,
  type DeliveryStep,
} from '@tenant-delivery/rotation/distribution/facts';
import { factReader, isTexts } from '@tenant-delivery/rotation/fact-reader';
import type { Began, Ended } from '@tenant-delivery/rotation/journal-entry';

/** The calls that change something. Keys are made, brought and deleted by people. */
export type Step = DeliveryStep;

/** What is intended, before anybody is asked for a key. */
export interface Opened {
  readonly kind: 'opened';
  readonly reason: 'due' | 'forced' | 'compromise' | 'staged' | 'gone';
  readonly account: string;
  /** The App's number. */
  readonly app: string;
  /** The fingerprint of the key that will be retired, and where escrow has it. */
  readonly old: string;
  readonly oldVersion: string;
  readonly consumers: readonly string[];
  readonly maxAgeDays: number;
}

/** Somebody brought a key, and GitHub says that it is the App's. */
export interface Staged {
  readonly kind: 'staged';
  readonly version: string;
  readonly key: string;
}

export interface Proved {
  readonly kind: 'proved';
  readonly version: string;
  readonly key: string;
  readonly app: string;
  /** The installation whose token was made and revoked. */
  readonly installation: string;
}

/** GitHub does not know the old key any more, by its own word, and knew the new one in the same look. */
export interface Gone {
  readonly kind: 'gone';
  readonly key: string;
  readonly early: boolean;
}

export interface Closed {
  readonly kind: 'closed';
  readonly key: string;
  readonly deviations: readonly string[];
}

export type Note = Opened | Staged | Proved | Attested | Compromised | Gone | Closed | Ended<Step>;

export type GithubAppKeyFact = Note | Began<Step>;

export const readGithubAppKeyFact = factReader<GithubAppKeyFact>(
  {
    ...DELIVERY_TEXTS,
    opened: ['reason', 'account', 'app', 'old', 'oldVersion'],
    staged: ['version', 'key'],
    proved: ['version', 'key', 'app', 'installation'],
    gone: ['key'],
    closed: ['key'],
  },
  DELIVERY_STEP_TEXTS,
  (kind, fact) =>
    kind === 'opened' && !isTexts(fact['consumers']) ? 'opens without saying for whom' : undefined,
);
