import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants as fileModes } from 'node:fs/promises';
import { Socket } from 'node:net';
import { constants } from 'node:os';
import { Readable, Writable } from 'node:stream';
import type { ContainerCommand } from './command.ts';
import { onLines } from './lines.ts';
import { endWithUs } from './task-reaper.ts';

/**
 * Waits for a word on its fourth file descriptor and becomes the container's program. If this server ends before it has
 * given the word, the program never begins. A watcher in the same group waits for the end of the fifth, which comes with
 * the end of this server, and ends the group: the reaper may have been killed before.
 */
const GATE = `
((read -r _ <&4; kill -s KILL 0) >/dev/null 2>&1 3<&- &)
exec 4<&-
read -r _ <&3 && exec "$@" 3<&-
`;

/** One container's process and everything that it started. */
export interface ContainerProcess {
  readonly pid: number;
  /** Ends when the process has ended and its output is read. */
  readonly exitCode: Promise<number>;
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
}

/**
 * Starts it in a process group of its own, so that all of it can be ended: by this server, or by the reaper if the server
 * is killed. The reaper knows the group before the program begins. Throws where it can't be started.
 */
export async function startProcess(
  command: Extract<ContainerCommand, { kind: 'run' }>,
  env: Readonly<Record<string, string>>,
  log: (line: string) => void,
): Promise<ContainerProcess> {
  await access(command.file, fileModes.X_OK);
  const child = spawn('/bin/sh', ['-c', GATE, 'task', command.file, ...command.args], {
    cwd: command.cwd,
    env: { ...command.env, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
  });
  const [, output, errors, gate, watched] = child.stdio;
  if (watched instanceof Socket) watched.unref(); // it is open for as long as this process is there
  watched?.on('error', () => {}); // its watcher has ended with the group
  if (output instanceof Readable) onLines(output, log);
  if (errors instanceof Readable) onLines(errors, log);
  const open = () => {
    if (!(gate instanceof Writable)) throw new TypeError('a pipe was asked for');
    gate.on('error', () => {}); // it was killed while it waited
    gate.end('\n');
  };
  const closed = once(child, 'close');
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>; // its documented arguments
  exited.catch(() => undefined); // `error` instead of `exit`: spawn, below, says it
  closed.catch(() => undefined);
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  const { known, ended } = endWithUs(pid);
  await known;
  open();
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
