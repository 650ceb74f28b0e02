import type { Digest } from '@tenant-delivery/domain';

/** Which run wrote an entry. `process` is unique to each start of the action. */
export interface RunFacts {
  readonly run: string;
  readonly attempt: number;
  readonly actor: string;
  readonly commit: string;
  readonly process: string;
}

/** What every kind of credential writes about: an opening, a step that was claimed, how it ended, a closing. */
export type Fact<Step> =
  | { readonly kind: 'opened' }
  | Began<Step>
  | Ended<Step>
  | { readonly kind: 'closed' }
  | { readonly kind: 'proved' | 'attested' | 'drained' | 'probed' };

/** Written before a call that changes something. No other run acts until it is ended or its lease is over. */
export interface Began<Step> {
  readonly kind: 'began';
  readonly step: Step;
  /** The ARN that calls: who CloudTrail will say it was. */
  readonly session: string;
}

export interface Ended<Step> {
  readonly kind: 'ended';
  readonly step: Step;
  readonly answer: Ending['answer'];
  /** In text without secrets. */
  readonly said?: string | undefined;
  /** The fingerprint of the key that the step brought about. */
  readonly key?: string | undefined;
  /** The run that acted died before it could say so; a later one looked. */
  readonly found?: true | undefined;
}

/** `undone`: it took effect and was taken back by the same run. */
export interface Ending {
  readonly answer: 'done' | 'unknown' | 'refused' | 'undone';
  readonly said?: string | undefined;
  readonly key?: string | undefined;
}

export interface Entry<F> {
  readonly schemaVersion: 1;
  readonly credential: string;
  readonly generation: number;
  readonly seq: number;
  /** The entry before it, also across generations; `null` for the first of all. */
  readonly prev: Digest | null;
  /** By the servers' clock. */
  readonly at: string;
  readonly by: RunFacts;
  readonly fact: F;
  /** Only the run named in it could have vouched for it, and that run did not sign it. Not stored. */
  readonly doubted?: true;
}
