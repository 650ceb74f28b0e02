import type { Reason } from '@tenant-delivery/rotation/plan';

/** What was seen of one credential of the contract. */
export type Sighting = Seen | Missing | Unknown;

export interface Seen {
  readonly kind: 'seen';
  /** When the oldest value that still works was made; `undefined` if nobody says. */
  readonly bornAt: number | undefined;
  /** Whose word that is: `IAM`, `the journal`. */
  readonly by: string;
  /** Somebody has to look: why, with what is known. */
  readonly hold?: Reason & { readonly facts: readonly string[] };
  /** It works, and no rotation of ours has it on record: its owner has to agree. */
  readonly stray?: Reason;
  /** Why it could go. */
  readonly needless?: string;
}

/** The service that should have it says that it is not there. */
export interface Missing {
  readonly kind: 'missing';
  readonly said: string;
}

export interface Unknown {
  readonly kind: 'unknown';
  readonly why: string;
}

/** Something that exists where only agreed credentials should be, and that the contract does not name. */
export interface Stray {
  readonly kind: string;
  /** Stable: it names the row. */
  readonly subject: string;
  readonly said: string;
  readonly bornAt: number | undefined;
}

/** Everything that was seen of one kind. */
export interface Look {
  /** By the credential's id. */
  readonly sightings: ReadonlyMap<string, Sighting>;
  readonly strays: readonly Stray[];
  /** Places that could not be searched, so their strays are unknown. */
  readonly unsearched: readonly (Unknown & { readonly place: string })[];
  /** How many strays say by their tag that another environment has them. */
  readonly elsewhere: number;
}
