import type { Shape } from '@tenant-delivery/aws/session/answer-shape';
import { answersIn } from '@tenant-delivery/aws/session/noted-answer';
import type { Played } from './play.ts';

/** What AWS answered to one operation, over all plays. */
export interface Answers {
  /** How often it was asked. */
  readonly asked: number;
  /** What answers consisted of, each form once. */
  readonly shapes: readonly Shape[];
  /** By which names it refused, and how often. */
  readonly refusals: Readonly<Record<string, number>>;
}

/** By `SERVICE:Operation`. */
export type AnswersByOperation = Readonly<Record<string, Answers>>;

/** What the logs of the plays say that AWS answered. Empty where no job had step debug logging. */
export function answersOf(plays: readonly Played[]): AnswersByOperation {
  const found = plays.flatMap(({ run }) => run.jobs.flatMap(({ log }) => answersIn(log)));
  const byOperation = Map.groupBy(found, ({ service, operation }) => `${service}:${operation}`);
  return Object.fromEntries(
    [...byOperation].map(([name, all]) => {
      const shapes = new Map(all.flatMap(({ shape }) => (shape ? [[JSON.stringify(shape), shape]] : [])));
      const refused = Map.groupBy(
        all.filter(({ error }) => error !== undefined),
        ({ error }) => error ?? '',
      );
      return [
        name,
        {
          asked: all.length,
          shapes: [...shapes.values()],
          refusals: Object.fromEntries([...refused].map(([error, those]) => [error, those.length])),
        },
      ];
    }),
  );
}
