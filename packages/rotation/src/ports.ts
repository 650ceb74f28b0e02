import type { Secret } from './secret.ts';
import type { Switching } from './switching.ts';

/**
 * How a request that changes something ended. `unknown`: no answer could be read, so it may have taken effect and the
 * caller looks. `refused`: the server's own word that nothing happened, in text without secrets.
 */
export type Answer = 'done' | 'unknown' | { readonly refused: string };

/** The time of the servers, in milliseconds since the epoch: as their newest answer said, never the runner's clock. */
export interface ServerTime {
  now(): number;
}

/** A key pair as escrow gives it back. */
export interface KeyPair {
  readonly id: string;
  readonly secret: Secret;
}

/**
 * One place where users of the credential find it. Two runs may call it at once. Reads throw when the consumer could
 * not be asked: what was not observed is unknown, never absent. No text that it gives may hold a secret.
 */
export interface Consumer {
  /** Stable, unique within the credential, letters, digits and `._:/@-`: it names the consumer in journal and reports. */
  readonly id: string;
  readonly switching: Switching;
  /** The longest time between two uses, in milliseconds, as the owner declared it. */
  readonly cadence: number;
  /** Sends nothing that changes anything. `proofs`: the names of the proofs whose answers are wanted. */
  observe(proofs: readonly string[]): Promise<ConsumerState>;
  /**
   * Writes both halves to `place`. Asked again for the same place and key, it ends in the same state. For a consumer
   * that is `in-place` or `replaced` this is the cut-over too. An acknowledging consumer is told that the key is there for it.
   */
  stage(place: string, key: KeyPair): Promise<Answer>;
  /**
   * Asks the consumer to find out which key it finds at `place`, by using it: for GitHub, a run of the workflow that
   * the owner names. `proof` is the name under which `observe` gives the answer.
   */
  askProof(place: string, proof: string): Promise<Answer>;
  /** One atomic write after which the consumer reads `place`. Nothing happens when it reads it already. */
  point(place: string): Promise<Answer>;
  /** Takes the key out of a place that nobody reads any more. */
  blank(place: string): Promise<Answer>;
}

export interface ConsumerState {
  /** What keeps a key from being brought here, one sentence each with its remedy; asked before anything is created. */
  readonly obstacles: readonly string[];
  /** The place that is read now; `undefined` when the consumer has none yet. */
  readonly current: string | undefined;
  /** The place that a new key goes to; never the current one, unless writing it turns the consumer over. */
  readonly idle: string;
  /**
   * For each place that holds something, a mark that changes whenever any half of it is written again: for GitHub the
   * two `updated_at` of its secrets. A half that is missing makes the place absent.
   */
  readonly written: Readonly<Record<string, string>>;
  /** Answers by the name of the proof; one that is not here was never asked for, or nobody knows of it yet. */
  readonly proofs: Readonly<Record<string, ProofAnswer>>;
  /** Who may still hold what was read before the last `point`: runs that were queued or had begun by then. */
  readonly holders: Holders;
}

export type ProofAnswer =
  | { readonly kind: 'pending' }
  /** The consumer used the key with this fingerprint. */
  | { readonly kind: 'used'; readonly fingerprint: string; readonly by: string }
  | { readonly kind: 'failed'; readonly why: string };

export interface Holders {
  readonly count: number;
  /** A few of them, to be shown: addresses of runs. */
  readonly examples: readonly string[];
}

/** Signs the journal: each stored entry becomes part of the signed record of the credential. */
export interface ChangeRecorder {
  /** The same entry again changes nothing. Throws when nobody knows whether it was signed. */
  record(key: string, bytes: Uint8Array): Promise<void>;
  /** Signs what runs stored that died before they could sign it. */
  catchUp(credential: string): Promise<void>;
  /** False if another run found the entry and signed it, even if the entry names this run as its writer. */
  isSignedByItsWriter(key: string, bytes: Uint8Array): Promise<boolean>;
}

/** Who this run is, by AWS's word. */
export interface Caller {
  identity(): Promise<{ readonly account: string; readonly arn: string }>;
}
