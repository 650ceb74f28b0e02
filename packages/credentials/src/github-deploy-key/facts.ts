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
import type { Access } from './ports.ts';

/** All that GitHub needs to get a key again: its public half, which is no secret. */
export interface PublicHalf {
  /** Its fingerprint. */
  readonly key: string;
  readonly publicKey: string;
  readonly title: string;
  readonly access: Access;
}

/** The calls that change something. */
export type Step =
  | DeliveryStep
  /** A private key into escrow as `version`. Its public half is announced here, before anybody has it. */
  | { readonly do: 'escrow'; readonly version: string; readonly key: string; readonly publicKey: string }
  | ({ readonly do: 'register' } & PublicHalf)
  /** GitHub cannot disable a key. The journal's entry of this step has all that is needed to add it again. */
  | ({ readonly do: 'delete' } & PublicHalf)
  | ({ readonly do: 'restore'; readonly because: string } & PublicHalf);

/** The keys are those of the repository. */
export interface Opened extends OpenedOver {
  readonly repository: string;
}

export interface Proved {
  readonly kind: 'proved';
  readonly version: string;
  readonly key: string;
  readonly repository: string;
  /** GitHub's own number of it. */
  readonly id: string;
}

export interface Drained {
  readonly kind: 'drained';
  readonly key: string;
  readonly lastUse: string;
}

export interface Closed {
  readonly kind: 'closed';
  readonly key: string;
  readonly access: Access;
  readonly deviations: readonly string[];
}

export type Note = Opened | Proved | Attested | Drained | Probed | Compromised | Closed | Ended<Step>;

export type GithubDeployKeyFact = Note | Began<Step>;

/** Facts that say whose public half is added to the repository or brought back. */
export function givesKey(fact: GithubDeployKeyFact): boolean {
  return 'step' in fact && (fact.step.do === 'escrow' || fact.step.do === 'delete');
}

const HALF = ['key', 'publicKey', 'title', 'access'] as const;

export const readGithubDeployKeyFact = factReader<GithubDeployKeyFact>(
  {
    ...DELIVERY_TEXTS,
    opened: ['reason', 'account', 'repository'],
    proved: ['version', 'key', 'repository', 'id'],
    drained: ['key', 'lastUse'],
    closed: ['key', 'access'],
  },
  {
    ...DELIVERY_STEP_TEXTS,
    escrow: ['version', 'key', 'publicKey'],
    register: HALF,
    delete: HALF,
    restore: [...HALF, 'because'],
  },
  opensBlindly,
);
