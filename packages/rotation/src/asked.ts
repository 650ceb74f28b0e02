import { Failure } from '@tenant-delivery/action-kit/failure';
import { failures } from './failures.ts';
import type { ServerTime } from './ports.ts';

/** Somebody outside could not be asked, or gave no answer that can be relied on. */
export class Unanswered extends Error {}

/** Throws Unanswered if a call failed. A broken journal is thrown as it is. */
export async function asked<T>(question: Promise<T>): Promise<T> {
  try {
    return await question;
  } catch (cause) {
    if (cause instanceof Failure && cause.code === failures.journalBroken.code) throw cause;
    throw new Unanswered(wordsOf(cause), { cause });
  }
}

export function wordsOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : 'something failed that says nothing of itself';
}

/** The servers' time, or `otherwise` if no server has told it yet. */
export function nowOr(time: ServerTime, otherwise: number): number {
  try {
    return time.now();
  } catch {
    return otherwise;
  }
}
