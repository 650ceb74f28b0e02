import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { virtualClock } from '../src/world/clock.ts';

const turn = () => new Promise<void>((resolve) => void setTimeout(resolve, 0));

/** As a machine under load does: nothing of this process runs meanwhile. */
const stall = (milliseconds: number) =>
  void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

test('what is due earlier happens earlier, however late this machine comes to both', async () => {
  const clock = virtualClock(100);
  const happened: string[] = [];
  clock.after(10_000, () => void happened.push('somebody is asked after ten seconds'));
  stall(40);
  await turn();
  clock.after(10_000, () => void happened.push('the task ends'));
  const forget = clock.after(9_000, () => void happened.push('what was called off'));
  clock.after(8_000, () => void happened.push('it writes its last line'));
  forget();
  stall(150);
  while (happened.length < 3) await turn();
  expect(happened).toEqual([
    'somebody is asked after ten seconds',
    'it writes its last line',
    'the task ends',
  ]);
});

test('what is due is done though nothing else wakes the process, and waiting does not keep it alive', async () => {
  const clock = JSON.stringify(import.meta.resolve('../src/world/clock.ts'));
  const program = `
    const { virtualClock } = await import(${clock});
    const clock = virtualClock();
    const due = (left) => clock.after(0, () => { console.log('done'); if (left > 1) due(left - 1); });
    due(3);
    clock.after(3_600_000, () => console.log('an hour is over'));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  expect(stdout.trim().split('\n')).toEqual(['done', 'done', 'done']);
});
