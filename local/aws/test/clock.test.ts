import { expect, test } from '@jest/globals';
import { virtualClock } from '../src/world/clock.ts';

const turn = () => new Promise<void>((resolve) => void setTimeout(resolve, 0));

/** As a machine under load does: nothing of this process runs meanwhile. */
const stall = (milliseconds: number) =>
  void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

test('what is due earlier happens earlier, however late this machine comes to both', async () => {
  const clock = virtualClock(1_000);
  const happened: string[] = [];
  clock.after(10_000, () => void happened.push('somebody is asked after ten seconds'));
  stall(4);
  await turn();
  clock.after(10_000, () => void happened.push('the task ends'));
  const forget = clock.after(9_000, () => void happened.push('what was called off'));
  clock.after(8_000, () => void happened.push('it writes its last line'));
  forget();
  stall(30);
  while (happened.length < 3) await turn();
  expect(happened).toEqual([
    'somebody is asked after ten seconds',
    'it writes its last line',
    'the task ends',
  ]);
});
