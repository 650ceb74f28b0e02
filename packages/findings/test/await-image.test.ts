import { expect, it } from '@jest/globals';
import { awaitImage } from '../src/await-image.ts';

const DIGEST = `sha256:${'a'.repeat(64)}` as const;

it.each<[number, number | 'absent', number]>([
  [0, 1, 0],
  [2, 1, 9_000],
  [99, 'absent', 41_000],
])('an image that is not there for %d looks is %s after %d ms', async (looks, found, took) => {
  let [asked, now] = [0, 0];
  const image = async () => {
    asked += 1;
    return asked > looks ? { pushedAt: 1, children: [] } : ('absent' as const);
  };
  const clock = {
    now: () => now,
    sleep: async (milliseconds: number) => {
      now += milliseconds;
    },
  };
  const answer = await awaitImage({ image }, 'acme/orders', DIGEST, { clock });
  expect([answer === 'absent' ? answer : answer.pushedAt, now]).toEqual([found, took]);
});
