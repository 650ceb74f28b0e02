import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Real milliseconds between the signals to a step that is cancelled (actions/runner, ProcessInvoker). */
export interface Patience {
  readonly afterInterrupt: number;
  readonly afterTerminate: number;
}

export const RUNNER_PATIENCE: Patience = { afterInterrupt: 7_500, afterTerminate: 2_500 };

/** How long output may still come from children that outlive the process itself. */
const DRAIN_MS = 5_000;

export interface ProcessStart {
  readonly command: readonly [string, ...string[]];
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  /** SIGINT, later SIGTERM, later SIGKILL to the whole process group. */
  readonly stop: AbortSignal;
  /** SIGKILL at once. */
  readonly kill: AbortSignal;
  readonly patience: Patience;
}

export interface ProcessEnd {
  /** Null when a signal ended it. */
  readonly code: number | null;
  /** The process group, while some of its members are still alive. */
  readonly leftovers?: number;
}

export type StartProcess = (start: ProcessStart) => Promise<ProcessEnd>;

export async function startProcess(start: ProcessStart): Promise<ProcessEnd> {
  const [program, ...args] = start.command;
  const child = spawn(program, args, {
    cwd: start.folder,
    env: start.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a process group of its own, so that signals reach its children too
  });
  const { promise: exited, resolve, reject } = Promise.withResolvers<number | null>();
  child.once('error', reject);
  child.once('exit', (code) => resolve(code));
  const streams = Promise.all([readLines(child.stdout, start.onLine), readLines(child.stderr, start.onLine)]);
  const group = child.pid ?? 0;
  const signals = stopWithPatience((signal) => signalGroup(group, signal), start);
  try {
    const code = await exited;
    await Promise.race([streams, afterward(DRAIN_MS)]);
    return signalGroup(group, 0) ? { code, leftovers: group } : { code };
  } finally {
    signals.end();
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

/** Sends what a runner sends to a step that is stopped or killed, until `end`. */
export function stopWithPatience(
  send: (signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL') => void,
  { stop, kill, patience }: ProcessStart,
): { end(): void } {
  const timers: NodeJS.Timeout[] = [];
  const onStop = () => {
    send('SIGINT');
    timers.push(setTimeout(() => send('SIGTERM'), patience.afterInterrupt));
    timers.push(setTimeout(() => send('SIGKILL'), patience.afterInterrupt + patience.afterTerminate));
  };
  const onKill = () => send('SIGKILL');
  stop.addEventListener('abort', onStop, { once: true });
  kill.addEventListener('abort', onKill, { once: true });
  if (stop.aborted) onStop();
  if (kill.aborted) onKill();
  return {
    end: () => {
      for (const timer of timers) clearTimeout(timer);
      stop.removeEventListener('abort', onStop);
      kill.removeEventListener('abort', onKill);
    },
  };
}

/** Whether there was anyone to signal; 0 only asks. */
export function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  if (group <= 0) return false;
  try {
    return process.kill(-group, signal);
  } catch (cause) {
    const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
    if (code !== 'ESRCH' && code !== 'EPERM') throw cause;
    return false;
  }
}

export async function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }))
    onLine(line);
}

function afterward(milliseconds: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, milliseconds).unref();
  return promise;
}
