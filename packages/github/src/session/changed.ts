import type { Request } from './ask.ts';

/**
 * How a request that changes something ended. `refused`: GitHub's own word that nothing happened. Everything else is
 * unknown: the connection broke, or GitHub had trouble of its own.
 */
export type Changed =
  | { readonly kind: 'done'; readonly data: unknown }
  | { readonly kind: 'refused'; readonly status: number; readonly said: string }
  | { readonly kind: 'unknown' };

/** Sends one change, once. It is never repeated here: whoever sent it looks what became of it. */
export type Change = (route: string, parameters: Readonly<Record<string, unknown>>) => Promise<Changed>;

const TIMEOUT = 15_000; // milliseconds for one answer

export function changing(request: Request): Change {
  return async (route, parameters) => {
    try {
      const { data } = await request(route, {
        ...parameters,
        request: { signal: AbortSignal.timeout(TIMEOUT) },
      });
      return { kind: 'done', data };
    } catch (thrown) {
      if (typeof thrown !== 'object' || thrown === null || !('status' in thrown)) throw thrown;
      const status = Number(thrown.status);
      // Octokit gives a connection that broke the status 500 too, and it has no response.
      if (!('response' in thrown) || thrown.response === undefined || status >= 500)
        return { kind: 'unknown' };
      return { kind: 'refused', status, said: 'message' in thrown ? firstLine(String(thrown.message)) : '' };
    }
  };
}

/** Octokit adds the address of the documentation; a refused box is repeated in some of GitHub's messages. */
function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').slice(0, 200);
}
