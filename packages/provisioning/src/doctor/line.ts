import { Failure } from '@tenant-delivery/action-kit/failure';

/** `unknown`: it could not be looked at, which is never taken for wrong, good or absent. */
export type Result = 'ok' | 'wrong' | 'unknown';

/** What one look at one thing said. */
export interface Verdict {
  readonly result: Result;
  /** May hold others' words: names, messages of AWS. */
  readonly found: string;
  /** The one command or click that mends it; empty when nothing is to be mended. */
  readonly mend: string;
}

/** One line of a report: one thing that was looked at. */
export interface Line extends Verdict {
  /** The same in every report: `role/td-prod-deploy/trust`. */
  readonly id: string;
  /** What was looked at, for people: `trust of td-prod-deploy`. */
  readonly about: string;
}

type Judge<T> = (found: T) => Verdict | Promise<Verdict>;

/** A line whose answer is still on its way. */
export interface Asked {
  readonly id: string;
  readonly about: string;
  readonly verdict: Promise<Verdict>;
}

export const ok = (found: string): Verdict => ({ result: 'ok', found, mend: '' });
export const wrong = (found: string, mend: string): Verdict => ({ result: 'wrong', found, mend });
export const unknown = (found: string, mend: string): Verdict => ({ result: 'unknown', found, mend });

/** Judges an answer, which may need another look. An observation that failed is unknown, with its reason; a mistake of ours is thrown. */
export async function judged<T>(asked: Promise<T>, judge: Judge<T>): Promise<Verdict> {
  let found: T;
  try {
    found = await asked;
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown;
    return unknown(thrown.message, [...thrown.details, thrown.remedy].join('. '));
  }
  return judge(found);
}

/** A thing that should be there: what is missing is wrong, what is there is judged. */
export function present<T>(
  asked: Promise<T | undefined>,
  missing: Verdict,
  judge: Judge<T>,
): Promise<Verdict> {
  return judged(asked, (found) => (found === undefined ? missing : judge(found)));
}

/** One verdict of several faults of one thing: every one, and what mends each. */
export function faults(
  found: readonly { readonly fault: string; readonly mend: string }[],
  good: string,
): Verdict {
  if (found.length === 0) return ok(good);
  const mends = [...new Set(found.map(({ mend }) => mend))];
  return wrong(found.map(({ fault }) => fault).join('; '), mends.join('; '));
}

/** In commands, the folder that `contract render` wrote. */
export const DOCUMENTS = 'DIR';
