import type { Saw } from '@tenant-delivery/action-kit/saw';
import type { AnswersByOperation } from './answers.ts';
import type { Deviation } from './compare.ts';
import type { Played } from './play.ts';
import type { AnsweredQuestions } from './questions.ts';

/** What a canary was seen to do. */
export interface Seen {
  readonly plays: readonly Played[];
  readonly answers: AnswersByOperation;
  readonly deviations: readonly Deviation[];
  /** Who moved the branch that delivers, as GitHub's activity has it. */
  readonly movers: readonly string[] | Unread;
  /** How many commits the canary made there. */
  readonly commits: number;
  /** What GitHub says of accounts that are bots, as far as it knows them. */
  readonly bots: readonly Account[] | Unread;
  /** What AWS said to what it was asked beside the plays. */
  readonly questions: AnsweredQuestions;
  /** How often the local AWS refused to write a key of the vault a second time, to the same plays. */
  readonly refusedHere: number;
}

/** What could not be read after the plays, and why. It is unknown; the rest of the report stays. */
export interface Unread {
  readonly unread: string;
}

/** What is read, or why it was not. */
export async function readOr<T>(reading: Promise<T>): Promise<T | Unread> {
  return reading.catch((thrown: unknown) => ({
    unread: thrown instanceof Error ? thrown.message : String(thrown),
  }));
}

export interface Account {
  readonly id: number;
  readonly login: string;
  readonly type: string;
}

export type Judgement = 'held' | 'did not' | 'not seen';

export type Judge = (seen: Seen) => readonly [Judgement, string];

export const NOT_SEEN: readonly [Judgement, string] = ['not seen', 'no play of this canary shows it'];

/** Held where an action said so. It did not where the action ran and said something else. */
export function says(action: string, outcome: string, why: string): Judge {
  return ({ plays }) => {
    const said = plays.flatMap((play) => play.said).filter((each) => each.action === action);
    if (said.some((each) => each.outcome === outcome)) return ['held', why];
    const wanted = plays.filter((play) =>
      play.wants.some(([name, what]) => name === action && what === outcome),
    );
    if (wanted.length === 0 || said.length === 0) return NOT_SEEN;
    const instead = said.map((each) => `${each.outcome} (${each.code})`).join(', ');
    return ['did not', `${action} did not say ${outcome}${instead === '' ? '' : `, but ${instead}`}`];
  };
}

/** What the actions of all plays saw of an assumption, in order. */
export function factsOf({ plays }: Seen, assumption: string): readonly Saw['facts'][] {
  return plays
    .flatMap(({ saw }) => saw)
    .filter((each) => each.assumption === assumption)
    .map(({ facts }) => facts);
}
