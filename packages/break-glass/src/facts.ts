import { factReader, isTexts } from '@tenant-delivery/rotation/fact-reader';
import type { Began, Ended } from '@tenant-delivery/rotation/journal-entry';
import type { PolicyDocument } from './policy-document.ts';

/** The calls that change something. Each says all that is in force after it, so it can be sent again. */
export type Step =
  /** The policy of the role that denies everything to people without an open grant. */
  | { readonly do: 'guard'; readonly for: string; readonly document: PolicyDocument }
  /** Who may assume the role. */
  | { readonly do: 'trust'; readonly for: string; readonly document: PolicyDocument };

/** Begins a journal, and a new part of it when the last has grown long and nobody has a grant. */
export interface Opened {
  readonly kind: 'opened';
  readonly account: string;
  readonly role: string;
}

/** What was asked and approved, before anything is written. */
export interface Granted {
  readonly kind: 'granted';
  readonly grant: string;
  readonly requester: string;
  readonly principal: string;
  readonly incident: string;
  readonly reason: string;
  readonly from: string;
  readonly until: string;
  /** Logins of those who approved. */
  readonly approvers: readonly string[];
}

/** Read back from AWS: the requester gets in until the end, and nobody else by this grant. */
export interface Live {
  readonly kind: 'live';
  readonly grant: string;
}

/** From now on the requester's sessions from before `at` are to be refused. */
export interface Ending {
  readonly kind: 'ending';
  readonly grant: string;
  readonly at: string;
  readonly why: 'closed' | 'revoked';
}

/** Read back from AWS: by this grant nobody gets in, and no session of it goes on. */
export interface Over {
  readonly kind: 'over';
  readonly grant: string;
  readonly how: 'expired' | 'closed' | 'revoked';
  readonly at: string;
}

/** What was done with it, once CloudTrail has told everything. */
export interface Used {
  readonly kind: 'used';
  readonly grant: string;
  /** Empty when nobody used it. */
  readonly first: string;
  readonly last: string;
  readonly calls: string;
  /** Calls that changed something, with how often. */
  readonly writes: readonly string[];
}

export type Note = Opened | Granted | Live | Ending | Over | Used | Ended<Step>;

export type BreakGlassFact = Note | Began<Step>;

/** Nobody has a right but by the run that was approved, and no other word hides what was done with it. */
export function countsSigned({ kind }: BreakGlassFact): boolean {
  return kind === 'granted' || kind === 'used';
}

const TEXTS: Readonly<Record<string, readonly string[]>> = {
  opened: ['account', 'role'],
  granted: ['grant', 'requester', 'principal', 'incident', 'reason', 'from', 'until'],
  live: ['grant'],
  ending: ['grant', 'at', 'why'],
  over: ['grant', 'how', 'at'],
  used: ['grant', 'first', 'last', 'calls'],
  began: ['session'],
  ended: ['answer'],
};
const STEP_TEXTS = { guard: ['for'], trust: ['for'] };

/** A fact that a journal holds. One that this version does not know stops everything: a newer version wrote it. */
export const readBreakGlassFact = factReader<BreakGlassFact>(TEXTS, STEP_TEXTS, (kind, fact) => {
  if (kind === 'granted' && !isTexts(fact['approvers'])) return 'grants without saying who approved';
  if (kind === 'used' && !isTexts(fact['writes'])) return 'tells of uses without what they changed';
  const times = ['from', 'until', 'at'].filter((name) => typeof fact[name] === 'string');
  const wrong = times.find((name) => !Number.isFinite(Date.parse(String(fact[name]))));
  return wrong && `says ${kind} with ${wrong} that is no time`;
});
