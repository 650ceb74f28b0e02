import { setTimeout as timer } from 'node:timers/promises';

/** The only source of time. Milliseconds since the epoch; sleeping ends early, without throwing, when aborted. */
export interface Clock {
  now(): number;
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

const LOOPBACK = /^(127(\.\d{1,3}){3}|localhost|\[::1\])$/;

export function isLoopback(url: string): boolean {
  return URL.canParse(url) && LOOPBACK.test(new URL(url).hostname);
}

/** Every endpoint that an action could reach is on this machine, and at least one is named. */
export function allLoopback(env: Readonly<Record<string, string | undefined>>): boolean {
  const endpoints = Object.entries(env)
    .filter(([name, value]) => /^AWS_ENDPOINT_URL(_|$)/.test(name) && value)
    .map(([, value]) => value ?? '');
  const followed = !/^true$/i.test(env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] ?? '');
  return followed && Boolean(env['AWS_ENDPOINT_URL']) && endpoints.every(isLoopback);
}

/**
 * The machine's clock. `LOCAL_CLOCK=scale,virtualStartMs,realStartMs` is followed only when every AWS endpoint is
 * a loopback address, so that nobody can shorten a production time limit.
 */
export function clockFrom(env: Readonly<Record<string, string | undefined>>): Clock {
  const [scale = 1, origin = 0, at = 0] = (env['LOCAL_CLOCK'] ?? '').split(',').map(Number);
  const local =
    allLoopback(env) && env['LOCAL_CLOCK'] !== undefined && scale > 0 && Number.isFinite(origin + at);
  const real = () => performance.timeOrigin + performance.now();
  return {
    now: () => (local ? origin + (real() - at) * scale : Date.now()),
    sleep: async (milliseconds, signal) => {
      const wait = Math.max(0, local ? milliseconds / scale : milliseconds);
      await timer(wait, undefined, signal ? { signal } : {}).catch((cause: unknown) => {
        if (!signal?.aborted) throw cause;
      });
    },
  };
}
