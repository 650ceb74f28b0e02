import type { Clock } from './clock.ts';

/** How often one kind of call may be made. In any second no more than `burst + perSecond` are begun. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Sends a request when it is its turn. `bucket` names the rate limit it counts for; without a rate limit it only waits for a free place. */
export type Pace = <T>(bucket: string, send: () => Promise<T>) => Promise<T>;

export interface PaceLimits {
  /** Requests that are under way at once, of all buckets. */
  readonly inFlight: number;
  readonly rates: Readonly<Record<string, Rate>>;
}

interface Queue {
  readonly waiting: (() => void)[];
  readonly rate: Rate | undefined;
  tokens: number;
  at: number;
}

/** Takes a token; if there is none, answers when there will be one. */
function takeToken(queue: Queue, now: number): number | undefined {
  const { rate } = queue;
  if (!rate) return undefined;
  queue.tokens = Math.min(rate.burst, queue.tokens + ((now - queue.at) / 1_000) * rate.perSecond);
  queue.at = now;
  if (queue.tokens < 1) return now + ((1 - queue.tokens) / rate.perSecond) * 1_000;
  queue.tokens -= 1;
  return undefined;
}

/**
 * One pace for everything that is asked at once: a request takes its token and its room in the same moment, so that
 * neither those who wait for room save up tokens nor those who wait for a token keep others out.
 */
export function callPace(clock: Clock, { inFlight, rates }: PaceLimits): Pace {
  const queues = new Map<string, Queue>();
  let free = inFlight;
  let wakesAt = Number.POSITIVE_INFINITY;

  const queueOf = (bucket: string): Queue => {
    const rate = Object.hasOwn(rates, bucket) ? rates[bucket] : undefined;
    const queue = queues.get(bucket) ?? { waiting: [], rate, tokens: rate?.burst ?? 0, at: clock.now() };
    queues.set(bucket, queue);
    return queue;
  };
  const pump = (): void => {
    const now = clock.now();
    let earliest = Number.POSITIVE_INFINITY;
    let started = true;
    while (started && free > 0) {
      started = false;
      // in turn, so that a long queue does not keep the others waiting
      for (const queue of queues.values()) {
        if (queue.waiting.length === 0 || free === 0) continue;
        const nextToken = takeToken(queue, now);
        if (nextToken !== undefined) {
          earliest = Math.min(earliest, nextToken);
          continue;
        }
        free -= 1;
        started = true;
        queue.waiting.shift()?.();
      }
    }
    if (earliest < wakesAt) wake(earliest, now);
  };
  const wake = (at: number, now: number): void => {
    wakesAt = at;
    void clock.sleep(Math.ceil(at - now)).then(() => {
      if (wakesAt === at) wakesAt = Number.POSITIVE_INFINITY;
      pump();
    });
  };

  return async (bucket, send) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    queueOf(bucket).waiting.push(resolve);
    pump();
    await promise;
    try {
      return await send();
    } finally {
      free += 1;
      pump();
    }
  };
}
