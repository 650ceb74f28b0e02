import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as passed } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { commandRunner } from '../src/git/run-command.ts';

const IDLE = 100; // milliseconds
const run = commandRunner({ idleMs: IDLE });

const sh = async (script: string) => {
  const { code, output } = await run({ program: 'sh', args: ['-c', script] });
  return { code, output: output.toString().trim() };
};
const echo = async (input: string) => (await run({ program: 'cat', args: [], input })).output.toString();

/** The process that starts programs for us. */
const broker = async () => Number((await sh('echo $PPID')).output);

/** Waits without a turn of Node, so that this process does not hear of it. */
function untilDead(pid: number): void {
  while (alive(pid)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
}

/** Its files are closed when its last thread has ended, which may be later than its first. */
function alive(pid: number): boolean {
  try {
    const isZombie = readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
    return !isZombie || readdirSync(`/proc/${pid}/task`).length > 1;
  } catch {
    return false;
  }
}

test('a broker with nothing to do is let go, and the next command starts another', async () => {
  const first = await broker();
  while (alive(first)) await passed(IDLE);
  expect(await echo('still here')).toBe('still here');
  expect(await broker()).not.toBe(first);
});

test('a broker that was killed a moment ago is not asked', async () => {
  const first = await broker();
  process.kill(first, 'SIGKILL');
  untilDead(first);
  expect(await Promise.all([echo('one'), echo('two')])).toEqual(['one', 'two']);
});

test('a command whose broker is killed may have run: it is not run again, and the next one is', async () => {
  const first = await broker();
  const answer = sh('sleep 0.2; echo done');
  await passed(IDLE);
  process.kill(first, 'SIGKILL');
  await expect(answer).rejects.toThrow('sh may or may not have run: its broker ended (SIGKILL)');
  expect(await echo('the server goes on')).toBe('the server goes on');
});

test('a signal to all processes of a terminal does not end the broker', async () => {
  const first = await broker();
  const answer = sh('sleep 0.1; echo done');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(first, signal);
  expect(await answer).toEqual({ code: 0, output: 'done' });
});

test('a broker leaves with a server that is killed', async () => {
  const runner = JSON.stringify(import.meta.resolve('../src/git/run-command.ts'));
  const program = `
    const { runCommand } = await import(${runner});
    const { output } = await runCommand({ program: 'sh', args: ['-c', 'echo $PPID'] });
    process.stdout.write(output);
    setInterval(() => {}, 1_000);
  `;
  const server = spawn(process.execPath, ['--input-type=module', '-e', program]);
  const [said] = await once(server.stdout, 'data');
  server.kill('SIGKILL');
  const left = Number(String(said));
  expect(left).toBeGreaterThan(0);
  while (alive(left)) await passed(20);
});
