import type { Shape } from '@tenant-delivery/aws/session/answer-shape';
import { answersIn, type NotedAnswer } from '@tenant-delivery/aws/session/noted-answer';
import type { Played } from './play.ts';

/** What AWS answered to one operation, over all plays. */
export interface Answers {
  /** How often it was asked. */
  readonly asked: number;
  /** What answers consisted of, each form once. */
  readonly shapes: readonly Shape[];
  /** By which names it refused, and how often. */
  readonly refusals: Readonly<Record<string, number>>;
  /** Milliseconds that each answer took. */
  readonly times: readonly number[];
  /** Milliseconds from the first to the last answer of each step that asked again and again. */
  readonly waits: readonly number[];
  /** Milliseconds that AWS's clock was ahead of the runner's, by the header of each answer. */
  readonly ahead: readonly number[];
}

/** By `SERVICE:Operation`. */
export type AnswersByOperation = Readonly<Record<string, Answers>>;

/** Requests of one step after which we say that it waited. A slow machine asks less often, and is not taken for a late AWS. */
const AGAIN_AND_AGAIN = 5;

/** What the logs of the plays say that AWS answered. Empty where no job had step debug logging. */
export function answersOf(plays: readonly Played[]): AnswersByOperation {
  const logs = plays.flatMap(({ run }) => run.jobs.map(({ log }) => log));
  const steps = logs.flatMap(stepsOf).map((log) => Map.groupBy(answersIn(log), nameOf));
  const operations = [...new Set(steps.flatMap((step) => [...step.keys()]))];
  return Object.fromEntries(
    operations.map((name) => [name, together(steps.flatMap((step) => [step.get(name) ?? []]))]),
  );
}

/** Whether any job had step debug logging. */
export function isDebugged({ run }: Played): boolean {
  return run.jobs.some(({ log }) => log.includes('##[debug]'));
}

/** Each of our actions says at its end how it ended. */
function stepsOf(log: string): readonly string[] {
  return log.split(/^.*##\[debug\]ended .*$/m);
}

function nameOf({ service, operation }: NotedAnswer): string {
  return `${service}:${operation}`;
}

function together(steps: readonly (readonly NotedAnswer[])[]): Answers {
  const all = steps.flat();
  const shapes = new Map(all.flatMap(({ shape }) => (shape ? [[JSON.stringify(shape), shape]] : [])));
  const refused = Map.groupBy(
    all.flatMap(({ error }) => error ?? []),
    (error) => error,
  );
  return {
    asked: all.length,
    shapes: [...shapes.values()],
    refusals: Object.fromEntries([...refused].map(([error, those]) => [error, those.length])),
    times: all.map(({ ms }) => ms),
    waits: steps
      .filter(({ length }) => length >= AGAIN_AND_AGAIN)
      .map((step) => (step.at(-1)?.at ?? 0) - (step[0]?.at ?? 0)),
    ahead: all.flatMap(({ ahead }) => ahead ?? []),
  };
}
