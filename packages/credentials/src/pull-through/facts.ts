import { factReader, isTexts } from '@tenant-delivery/rotation/fact-reader';
import type { Began, Ended } from '@tenant-delivery/rotation/journal-entry';

/** The calls that change something: moves of labels, and nothing else. */
export type Step =
  | { readonly do: 'promote'; readonly version: string; readonly from: string }
  /** Makes the previous credential current again. */
  | { readonly do: 'back'; readonly version: string; readonly from: string; readonly because: string }
  | { readonly do: 'settle'; readonly version: string };

export interface Opened {
  readonly kind: 'opened';
  readonly reason: 'staged' | 'compromise';
  readonly account: string;
  /** The name of the secret. */
  readonly secret: string;
  /** The version that is current, and the one that takes its place. */
  readonly old: string;
  readonly staged: string;
  /** Rules that sign in with it, by their prefixes. */
  readonly rules: readonly string[];
}

/** Its owner has staged another one, after the last was refused upstream or before it was tried. */
export interface Staged {
  readonly kind: 'staged';
  readonly version: string;
}

/** What ECR said when it signed in with what is current. */
export interface Validated {
  readonly kind: 'validated';
  readonly version: string;
  readonly valid: boolean;
  readonly said: string;
}

/** From now on its owner may revoke the old credential, so there is no way back. */
export interface Drained {
  readonly kind: 'drained';
  readonly key: string;
}

/** Its owner says that the old one is revoked. */
export interface Revoked {
  readonly kind: 'revoked';
  readonly key: string;
  readonly by: string;
}

export interface Compromised {
  readonly kind: 'compromised';
}

export interface Closed {
  readonly kind: 'closed';
  readonly key: string;
}

export type Note = Opened | Staged | Validated | Drained | Revoked | Compromised | Closed | Ended<Step>;

export type PullThroughFact = Note | Began<Step>;

const TEXTS: Readonly<Record<string, readonly string[]>> = {
  opened: ['reason', 'account', 'secret', 'old', 'staged'],
  began: ['session'],
  ended: ['answer'],
  staged: ['version'],
  validated: ['version', 'said'],
  drained: ['key'],
  revoked: ['key', 'by'],
  compromised: [],
  closed: ['key'],
};
const STEP_TEXTS: Readonly<Record<string, readonly string[]>> = {
  promote: ['version', 'from'],
  back: ['version', 'from', 'because'],
  settle: ['version'],
};

export const readPullThroughFact = factReader<PullThroughFact>(TEXTS, STEP_TEXTS, (kind, fact) => {
  if (kind === 'opened' && !isTexts(fact['rules'])) return 'opens without saying which rules';
  return kind === 'validated' && typeof fact['valid'] !== 'boolean'
    ? 'says validated without valid'
    : undefined;
});
