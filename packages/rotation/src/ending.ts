import type { Ending } from './journal-entry.ts';
import type { Answer } from './ports.ts';

/** How a step of one call ended. */
export function endingOf(answer: Answer): Ending {
  return typeof answer === 'string' ? { answer } : { answer: 'refused', said: answer.refused };
}
