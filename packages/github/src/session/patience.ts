import { RequestError } from '@octokit/request-error';
import type { Clock } from '@tenant-delivery/action-kit/clock';
import { failures } from '../failures.ts';

const ATTEMPTS = 4;
const TIMEOUT = 15_000; // milliseconds for one answer
const LONGEST_PAUSE = 60_000; // milliseconds; a limit that needs longer is reported instead of waited for

interface Asked {
  readonly method: string;
  readonly request?: object;
}
interface Answered {
  readonly data: unknown;
  readonly url: string;
}

/**
 * Octokit's hook around each request. Reads are repeated after server errors and rate limits, as long as GitHub says
 * ("Rate limits for the REST API": retry-after). Changes are sent once: GitHub has no idempotency key, and a comment made
 * twice would stay. Waiting ends when the run is cancelled. Octokit's own plugins for this repeat changes too, and
 * nothing ends their waiting.
 *
 * What GitHub refuses becomes a failure that names the route, with Octokit's error as its cause.
 */
export function patience(clock: Clock, cancelled?: AbortSignal) {
  return async <Given extends Asked, Answer extends Answered>(
    send: (asked: Given) => Answer | Promise<Answer>,
    asked: Given,
  ): Promise<Answer> => {
    const reading = asked.method === 'GET';
    for (let attempt = 1; ; attempt += 1) {
      try {
        const signal = AbortSignal.timeout(TIMEOUT);
        const answer = await send({ ...asked, request: { ...asked.request, signal } });
        if (reading && !isJson(answer)) throw failures.answerIncomplete(answer.url, ['it is no JSON']);
        return answer;
      } catch (thrown) {
        if (!(thrown instanceof RequestError)) throw thrown; // a mistake of ours
        const pause = pauseBefore(thrown);
        if (pause === undefined) throw failures.permissionMissing(thrown);
        if (!reading || attempt === ATTEMPTS || pause > LONGEST_PAUSE) throw failures.unavailable(thrown);
        await clock.sleep(Math.max(pause, 500 * 2 ** attempt), cancelled);
        if (cancelled?.aborted) throw failures.unavailable(thrown);
      }
    }
  };
}

/** Octokit hands on text where a proxy answered with a page of its own. */
function isJson({ data }: Answered): boolean {
  return typeof data === 'object' && data !== null;
}

/**
 * Milliseconds until GitHub may answer; undefined when it has refused. Octokit gives a broken connection the status
 * 500. Rate limits come as 403 or 429, with headers that tell them from a missing permission.
 */
function pauseBefore({ status, response }: RequestError): number | undefined {
  if (status === 404) return undefined;
  const headers = response?.headers ?? {};
  const after = Number(headers['retry-after'] ?? Number.NaN);
  if (Number.isFinite(after)) return after * 1000;
  if (headers['x-ratelimit-remaining'] === '0' && status !== 401) return Number.POSITIVE_INFINITY;
  return status === 429 || status >= 500 ? 0 : undefined;
}
