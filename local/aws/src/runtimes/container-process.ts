import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import type { ContainerCommand } from './command.ts';
import { onLines } from './lines.ts';
import { endWithUs, watchForOurEnd } from './task-reaper.ts';

/** One container's process and everything that it started. */
export interface ContainerProcess {
  readonly pid: number;
  /** Ends when the process has ended and its output is read. */
  readonly exitCode: Promise<number>;
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
}

/** Starts it in a process group of its own, so that all of it can be ended. Throws where it can't be started. */
export async function startProcess(
  command: Extract<ContainerCommand, { kind: 'run' }>,
  env: Readonly<Record<string, string>>,
  log: (line: string) => void,
): Promise<ContainerProcess> {
  watchForOurEnd();
  const child = spawn(command.file, command.args, {
    cwd: command.cwd,
    env: { ...command.env, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pid = child.pid ?? 0;
  const ended = pid === 0 ? () => {} : endWithUs(pid); // at once, in case we are killed now
  onLines(child.stdout, log);
  onLines(child.stderr, log);
  const closed = once(child, 'close');
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>; // its documented arguments
  exited.catch(() => undefined); // `error` instead of `exit`: spawn, below, says it
  closed.catch(() => undefined);
  await once(child, 'spawn');
  const signal = (name: 'SIGTERM' | 'SIGKILL') => {
    try {
      process.kill(-pid, name);
    } catch {
      // the group is gone already
    }
  };
  const exitCode = exited.then(async ([code, by]) => {
    signal('SIGKILL'); // what it started does not outlive it
    await closed;
    ended();
    return code ?? 128 + (by === null ? 0 : constants.signals[by]);
  });
  return { pid, exitCode, signal };
}
