import type { ProbeTerms } from './probe-definition.ts';

/** What is known of a probe's task after its end. */
export interface ProbeEnd {
  /** `undefined` when the container did not run, or nobody knows how it ended. */
  readonly exitCode: number | undefined;
  /** ECS's words for why the task is over. */
  readonly reason: string | undefined;
  /** What the container wrote; `undefined` when it could not be read. */
  readonly lines: readonly string[] | undefined;
}

export interface ProbeJudgement {
  readonly verdict: 'healthy' | 'unhealthy' | 'inconclusive';
  /** One sentence without its point. */
  readonly why: string;
  /** Of the last answer; `null` when the log does not say. */
  readonly status: number | null;
  readonly milliseconds: number | null;
}

type Kind = 'good' | 'status' | 'late' | 'broken' | 'unreached';

/** As the program has them. */
const KINDS: ReadonlyMap<number | undefined, Kind> = new Map([
  [0, 'good'],
  [10, 'status'],
  [11, 'late'],
  [12, 'broken'],
  [13, 'unreached'],
]);

/**
 * The exit code decides, and the log says more of it. A code that is not the program's own, and a log that says another
 * thing than the code, prove nothing. Nor does a balancer that was never reached: that is the network's doing.
 */
export function judgeProbe(terms: ProbeTerms, { exitCode, reason, lines }: ProbeEnd): ProbeJudgement {
  const kind = KINDS.get(exitCode);
  const said = lastAnswer(lines ?? []);
  const seen = { status: said?.status ?? null, milliseconds: said?.milliseconds ?? null };
  const inconclusive = (why: string): ProbeJudgement => ({ verdict: 'inconclusive', why, ...seen });
  if (kind === undefined) {
    const how = exitCode === undefined ? 'did not run' : `ended with exit code ${exitCode}`;
    return inconclusive(`its container ${how}${reason ? ` (${oneLine(reason)})` : ''}`);
  }
  if (said && said.kind !== kind && !(kind === 'broken' && said.kind === 'good'))
    return inconclusive(`its exit code ${exitCode} and its log contradict each other`);
  const asked = `GET ${terms.path}`;
  switch (kind) {
    case 'good':
      return {
        verdict: 'healthy',
        why: said ? `${asked} got ${said.status} in ${said.milliseconds} ms` : `${asked} got what it must`,
        ...seen,
      };
    case 'status':
      return {
        verdict: 'unhealthy',
        why: `${asked} got ${said?.status ?? 'another status'}, and must get ${terms.status}`,
        ...seen,
      };
    case 'late':
      return { verdict: 'unhealthy', why: `${asked} got no answer in ${terms.seconds} s`, ...seen };
    case 'broken':
      return said?.kind === 'good'
        ? { verdict: 'unhealthy', why: `${asked} got good and bad answers by turns`, ...seen }
        : { verdict: 'unhealthy', why: `the connection ended without an answer to ${asked}`, ...seen };
    case 'unreached':
      return inconclusive(
        `the balancer could not be reached from the service's network (${said?.error ?? 'no connection'})`,
      );
  }
}

interface Answer {
  readonly kind: string;
  readonly status?: number;
  readonly milliseconds: number;
  readonly error?: string;
}

/** The last line that is the program's; other programs of the image may write what they like. */
function lastAnswer(lines: readonly string[]): Answer | undefined {
  return lines.flatMap((line) => answerIn(line) ?? []).at(-1);
}

function answerIn(line: string): Answer | undefined {
  if (!line.startsWith('{"probe":') || line.length > 300) return undefined;
  try {
    const { kind, status, milliseconds, error } = JSON.parse(line) as Record<string, unknown>; // it begins with a brace
    if (typeof kind !== 'string' || typeof milliseconds !== 'number') return undefined;
    return {
      kind,
      milliseconds,
      ...(typeof status === 'number' && { status }),
      ...(typeof error === 'string' && /^[A-Z0-9_]{1,60}$/.test(error) && { error }),
    };
  } catch {
    return undefined;
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, 500);
}
