/** What comes next, decided from what was seen, the journal and the policy alone. */
export type Move<Step, Note> =
  /** One call that changes something, claimed in the journal before it is sent. */
  | { readonly kind: 'act'; readonly step: Step }
  /** Uses the stored credential for reading calls, and writes down what came of it. */
  | { readonly kind: 'prove'; readonly version: string }
  /** Something is true now and is written down; nothing else changes. */
  | { readonly kind: 'note'; readonly note: Note }
  /** Nothing may happen before `until`. */
  | { readonly kind: 'wait'; readonly until: number; readonly why: string }
  | Hold
  /** The rotation cannot begin: every reason, each with its remedy. */
  | { readonly kind: 'refuse'; readonly reasons: readonly Reason[] }
  /** Nothing to do until `dueAt`; `facts` are what its owner should know anyway. */
  | { readonly kind: 'rest'; readonly dueAt: number; readonly facts?: readonly string[] };

/** A person has to look and decide. Nothing is changed until then. */
export interface Hold {
  readonly kind: 'hold';
  readonly reason: Reason;
  readonly facts: readonly string[];
}

export interface Reason {
  /** SCREAMING_SNAKE. Never renamed. */
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** One station that is left, for people. `earliest`: if nothing gets in the way. */
export interface Station {
  readonly what: string;
  readonly earliest: number;
  /** Ids of the consumers that it touches. */
  readonly touches: readonly string[];
}

export interface Plan<Step, Note> {
  readonly next: Move<Step, Note>;
  readonly road: readonly Station[];
}
