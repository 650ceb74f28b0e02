import { expect, test } from '@jest/globals';
import { untilSeen } from '../src/ecs/until-seen.ts';

/** What was slept, in milliseconds, until the answers came to an end. */
async function sleptFor(answers: readonly (boolean | Error)[]): Promise<readonly number[]> {
  const slept: number[] = [];
  const left = [...answers];
  const clock = { sleep: async (milliseconds: number) => void slept.push(milliseconds) };
  await untilSeen(clock, async () => {
    const answer = left.shift() ?? false;
    if (answer instanceof Error) throw answer;
    return answer;
  });
  return slept;
}

test('a change is waited for until it is seen, longer each time, and for half a minute at most', async () => {
  expect(await sleptFor([true])).toEqual([]);
  expect(await sleptFor([false, false, true])).toEqual([1_000, 2_000]);
  expect(await sleptFor([])).toEqual([1_000, 2_000, 4_000, 8_000, 15_000]);
});

test('a look that fails shows nothing', async () => {
  expect(await sleptFor([new Error('denied'), true])).toEqual([1_000]);
});
