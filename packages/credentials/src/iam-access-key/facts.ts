import {
  type Attested,
  type Compromised,
  DELIVERY_STEP_TEXTS,
  DELIVERY_TEXTS,
  type DeliveryStep,
  type OpenedOver,
  opensBlindly,
  type Probed,
} from '@tenant-delivery/rotation/distribution/facts';
import { factReader } from '@tenant-delivery/rotation/fact-reader';
import type { Began, Ended } from '@tenant-delivery/rotation/journal-entry';

/** The calls that change something. Keys are named by fingerprint. */
export type Step =
  | DeliveryStep
  /** CreateAccessKey, and the pair into escrow as `version` with the next call. */
  | { readonly do: 'create'; readonly version: string }
  /**
   * The run that made this key died before escrow had its secret. The key is disabled by this step, and deleted by
   * `delete-orphan`.
   */
  | { readonly do: 'disable-orphan'; readonly key: string }
  | { readonly do: 'delete-orphan'; readonly key: string }
  | { readonly do: 'disable'; readonly key: string }
  | { readonly do: 'enable'; readonly key: string; readonly because: string }
  | { readonly do: 'deny-sessions'; readonly before: string }
  | { readonly do: 'delete'; readonly key: string };

export interface Opened extends OpenedOver {
  /** The ARN of the user whose keys these are. */
  readonly user: string;
}

export interface Proved {
  readonly kind: 'proved';
  readonly version: string;
  readonly key: string;
  readonly arn: string;
  readonly successes: number;
}

export interface Drained {
  readonly kind: 'drained';
  readonly key: string;
  readonly lastUse: string;
  /** Uses after the cut-over that CloudTrail knows of. */
  readonly stragglers: number;
}

export interface Closed {
  readonly kind: 'closed';
  readonly key: string;
  readonly deviations: readonly string[];
}

export type Note = Opened | Proved | Attested | Drained | Probed | Compromised | Closed | Ended<Step>;

export type IamAccessKeyFact = Note | Began<Step>;

/** What each kind of fact, and each step, must say as text, and whether it does. */
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  ...DELIVERY_TEXTS,
  opened: ['reason', 'account', 'user'],
  proved: ['version', 'key', 'arn'],
  drained: ['key', 'lastUse'],
  closed: ['key'],
};
const STEP_TEXTS: Readonly<Record<string, readonly string[]>> = {
  ...DELIVERY_STEP_TEXTS,
  create: ['version'],
  'disable-orphan': ['key'],
  'delete-orphan': ['key'],
  disable: ['key'],
  enable: ['key', 'because'],
  'deny-sessions': ['before'],
  delete: ['key'],
};

/** A fact that a journal holds. One that this version does not know stops the rotation: a newer version wrote it. */
export const readIamAccessKeyFact = factReader<IamAccessKeyFact>(TEXTS, STEP_TEXTS, opensBlindly);
