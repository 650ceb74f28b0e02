import type { Shape } from './answer-shape.ts';

/** One try of a request to AWS, as a line of a job's log has it. */
export interface NotedAnswer {
  /** By the SDK's names, such as `ECS` and `DescribeServices`. */
  readonly service: string;
  readonly operation: string;
  /** Milliseconds that it took. */
  readonly ms: number;
  /** When it came, in milliseconds of the runner's clock since the step began: how often a step asks, and for how long. */
  readonly at: number;
  /** Milliseconds that AWS's clock is ahead of the runner's by the `date` header, which tells whole seconds. */
  readonly ahead?: number;
  /** Absent where the job's log has told this shape of the operation before, and where it was refused. */
  readonly shape?: Shape | undefined;
  /** AWS's name for the refusal. */
  readonly error?: string;
  readonly status?: number | undefined;
}

const BEGINS = 'answer ';

export function lineOf(answer: NotedAnswer): string {
  return BEGINS + JSON.stringify(answer);
}

/** The answers that the log of a job with step debug logging has, in order. A line that is none of ours is passed over. */
export function answersIn(log: string): readonly NotedAnswer[] {
  return [...log.matchAll(/##\[debug\]answer (\{.*\})\r?$/gm)].flatMap(([, text = '']) => {
    try {
      const answer = JSON.parse(text) as NotedAnswer; // checked below
      const words = [answer.service, answer.operation].every((each) => typeof each === 'string');
      return words && [answer.ms, answer.at].every(Number.isFinite) ? [answer] : [];
    } catch {
      return [];
    }
  });
}
