import { expect, test } from '@jest/globals';
import { callPace } from '../src/call-pace.ts';

/** A clock whose sleepers wake in order, each at its time. */
function steppedClock() {
  let now = 0;
  const sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  return {
    clock: {
      now: () => now,
      sleep: (milliseconds: number) =>
        new Promise<void>((wake) => void sleepers.push({ at: now + milliseconds, wake })),
    },
    /** Lets everything happen that is to come. */
    async run() {
      for (;;) {
        for (let turns = 0; turns < 50; turns += 1) await Promise.resolve();
        const [next] = sleepers.sort((a, b) => a.at - b.at);
        if (!next) return;
        sleepers.shift();
        now = Math.max(now, next.at);
        next.wake();
      }
    },
  };
}

async function begun(calls: Readonly<Record<string, number>>) {
  const { clock, run } = steppedClock();
  const pace = callPace(clock, {
    inFlight: 60,
    rates: { trail: { perSecond: 1.9, burst: 1 }, versions: { perSecond: 44, burst: 5 } },
  });
  const times: Record<string, number[]> = {};
  let under = 0;
  let most = 0;
  const all = Object.entries(calls).flatMap(([bucket, count]) =>
    Array.from({ length: count }, () =>
      pace(bucket, async () => {
        times[bucket] = [...(times[bucket] ?? []), clock.now()];
        under += 1;
        most = Math.max(most, under);
        await clock.sleep(100);
        under -= 1;
      }),
    ),
  );
  const end = Promise.all(all).then(() => clock.now());
  await run();
  return { times, most, end: await end };
}

const mostWithin = (times: readonly number[], window: number) =>
  Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + window).length));

test('no second has more requests than a rate allows, and no moment more than there is room for', async () => {
  const { times, most } = await begun({ trail: 12, versions: 300, free: 400 });
  expect(mostWithin(times['trail'] ?? [], 1_000)).toBe(2);
  expect(mostWithin(times['versions'] ?? [], 1_000)).toBeLessThanOrEqual(49);
  expect(most).toBe(60);
});

test('a bucket that waits for its rate keeps no other one out', async () => {
  const { times, end } = await begun({ trail: 120, free: 600 });
  expect(Math.max(...(times['free'] ?? []))).toBeLessThan(1_100);
  expect(end).toBeGreaterThan(60_000);
});

test('a request that fails gives its room back', async () => {
  const { clock, run } = steppedClock();
  const pace = callPace(clock, { inFlight: 1, rates: {} });
  const failed = pace('x', () => Promise.reject(new Error('no')));
  const next = pace('x', async () => 'answered');
  await expect(failed).rejects.toThrow('no');
  await run();
  expect(await next).toBe('answered');
});
