import type { Clock } from '@tenant-delivery/action-kit/clock';
import { describeMistake } from '@tenant-delivery/action-kit/document';
import * as v from 'valibot';
import { failures } from '../failures.ts';

/** One request of Octokit's: a route as GitHub documents it, and its parameters. */
export type Request = (
  route: string,
  parameters: Readonly<Record<string, unknown>>,
) => Promise<{ readonly data: unknown; readonly headers?: Headers }>;

type Headers = Readonly<Record<string, unknown>>;

/** Asks GitHub and answers only what the schema confirms. `absent` is GitHub's 404. `told` gets the headers. */
export type Ask = <Schema extends v.GenericSchema>(
  route: string,
  parameters: Readonly<Record<string, unknown>>,
  schema: Schema,
  told?: (headers: Headers) => void,
) => Promise<v.InferOutput<Schema> | 'absent'>;

const ATTEMPTS = 4;
const TIMEOUT = 15_000; // milliseconds for one answer
const LONGEST_PAUSE = 60_000; // milliseconds; a limit that needs longer is reported instead of waited for

/**
 * Reads are repeated after server errors and rate limits ("Rate limits for the REST API": retry-after). Writes are
 * sent once: GitHub has no idempotency key, and a comment made twice would stay. Waiting ends when the run is cancelled.
 */
export function asking(request: Request, clock: Clock, cancelled?: AbortSignal): Ask {
  return async (route, parameters, schema, told) => {
    const repeatable = route.startsWith('GET ');
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { data, headers = {} } = await request(route, {
          ...parameters,
          request: { signal: AbortSignal.timeout(TIMEOUT) },
        });
        told?.(headers);
        return confirmed(route, schema, data);
      } catch (thrown) {
        const trouble = troubleOf(thrown);
        if (trouble.kind === 'absent') return 'absent';
        if (trouble.kind === 'refused') throw failures.permissionMissing(route, trouble.said);
        if (trouble.kind === 'ours') throw thrown;
        if (!repeatable || attempt === ATTEMPTS || trouble.pause > LONGEST_PAUSE)
          throw failures.unavailable(route, thrown);
        await clock.sleep(Math.max(trouble.pause, 500 * 2 ** attempt), cancelled);
        if (cancelled?.aborted) throw failures.unavailable(route, thrown);
      }
    }
  };
}

function confirmed<Schema extends v.GenericSchema>(
  route: string,
  schema: Schema,
  data: unknown,
): v.InferOutput<Schema> {
  const read = v.safeParse(schema, data);
  if (read.success) return read.output;
  const problems = read.issues.map((issue) =>
    describeMistake({
      path: (issue.path ?? []).map(({ key }) => String(key)).join('.'),
      problem: issue.message,
    }),
  );
  throw failures.answerIncomplete(route, problems);
}

type Trouble =
  | { readonly kind: 'absent' }
  | { readonly kind: 'ours' }
  | { readonly kind: 'refused'; readonly said: string }
  | { readonly kind: 'passing'; readonly pause: number };

/**
 * Octokit gives every answer and every broken connection a status. Rate limits come as 403 or 429, with headers that
 * tell them from a missing permission.
 */
function troubleOf(thrown: unknown): Trouble {
  if (typeof thrown !== 'object' || thrown === null || !('status' in thrown)) return { kind: 'ours' };
  const headers = headersOf(thrown);
  const after = Number(headers['retry-after'] ?? Number.NaN);
  if (thrown.status === 404) return { kind: 'absent' };
  if (Number.isFinite(after)) return { kind: 'passing', pause: after * 1000 };
  if (headers['x-ratelimit-remaining'] === '0' && thrown.status !== 401)
    return { kind: 'passing', pause: Number.POSITIVE_INFINITY };
  if (thrown.status === 429 || Number(thrown.status) >= 500) return { kind: 'passing', pause: 0 };
  return { kind: 'refused', said: 'message' in thrown ? String(thrown.message) : String(thrown.status) };
}

function headersOf(thrown: object): Readonly<Record<string, unknown>> {
  if (!('response' in thrown) || typeof thrown.response !== 'object' || thrown.response === null) return {};
  const { response } = thrown;
  if (!('headers' in response) || typeof response.headers !== 'object' || response.headers === null)
    return {};
  return { ...response.headers };
}
