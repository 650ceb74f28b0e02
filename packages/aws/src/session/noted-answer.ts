import type { Shape } from './answer-shape.ts';

/** One try of a request to AWS, as a line of a job's log has it. */
export interface NotedAnswer {
  /** By the SDK's names, such as `ECS` and `DescribeServices`. */
  readonly service: string;
  readonly operation: string;
  /** Milliseconds. */
  readonly ms: number;
  /** Absent where the job's log has told this shape of the operation before, and where it was refused. */
  readonly shape?: Shape | undefined;
  /** AWS's name for the refusal. */
  readonly error?: string;
  readonly status?: number | undefined;
}

const MARK = 'answer ';

export function lineOf(answer: NotedAnswer): string {
  return MARK + JSON.stringify(answer);
}

/** The answers that the log of a job with step debug logging has, in order. A line that is none of ours is passed over. */
export function answersIn(log: string): readonly NotedAnswer[] {
  return [...log.matchAll(/##\[debug\]answer (\{.*\})\r?$/gm)].flatMap(([, text = '']) => {
    try {
      const { service, operation, ms, ...said } = JSON.parse(text) as NotedAnswer; // checked below
      const isOurs = typeof service === 'string' && typeof operation === 'string' && typeof ms === 'number';
      return isOurs ? [{ service, operation, ms, ...said }] : [];
    } catch {
      return [];
    }
  });
}
