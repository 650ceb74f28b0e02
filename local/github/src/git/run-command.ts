import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Answered, Asked, Command, CommandEnd } from './command.ts';

/**
 * Runs a program through a small process of our own. A process that starts another is copied first, and a server with a
 * gigabyte of state needs fifty milliseconds for that, a small one needs one.
 */
export const runCommand = commandRunner({ idleMs: 3_000 });

interface Waiting {
  readonly command: Command;
  readonly resolve: (end: CommandEnd) => void;
  readonly reject: (thrown: Error) => void;
  /** Who was asked. */
  broker?: ChildProcess;
  /** The question has left this process. Until then its broker cannot have run anything. */
  sent?: boolean;
}

/** `idleMs`: how long a broker is kept that has nothing to do. */
export function commandRunner({ idleMs }: { readonly idleMs: number }) {
  let broker: ChildProcess | undefined;
  let asked = 0;
  let idle: NodeJS.Timeout | undefined;
  const waiting = new Map<number, Waiting>();
  const endings = new WeakMap<ChildProcess, string>();

  const ask = (id: number, asker: Waiting): void => {
    clearTimeout(idle);
    broker ??= start();
    const child = broker;
    child.channel?.ref(); // a caller that waits for an answer is not done
    asker.broker = child;
    child.send({ id, command: asker.command } satisfies Asked, (failed) => {
      asker.sent = !failed;
      const ended = endings.get(child);
      if (failed) {
        forget(child); // it was killed, and has not read this
        ask(id, asker);
      } else if (ended !== undefined) fail(child, ended);
    });
  };

  const start = (): ChildProcess => {
    const child = fork(join(import.meta.dirname, 'broker.ts'), {
      execArgv: [],
      serialization: 'advanced',
      env: { PATH: process.env['PATH'] ?? '' },
    });
    child.unref();
    child.on('message', (answer) => {
      take(answer as Answered); // ours, broker.ts
      if (askersOf(child).length > 0) return;
      child.channel?.unref();
      idle = setTimeout(() => {
        forget(child);
        child.disconnect();
      }, idleMs).unref();
    });
    child.on('error', ({ message }) => fail(child, `did not start (${message})`));
    child.on('disconnect', () => {
      forget(child);
      if (askersOf(child).length > 0) child.ref();
    });
    child.on('close', (code, signal) => fail(child, `ended (${signal ?? `exit code ${code}`})`));
    return child;
  };

  const askersOf = (child: ChildProcess) => [...waiting].filter(([, asker]) => asker.broker === child);

  const forget = (child: ChildProcess): void => {
    if (broker === child) broker = undefined;
  };

  const fail = (child: ChildProcess, reason: string): void => {
    forget(child);
    endings.set(child, reason);
    for (const [id, { command, reject, sent }] of askersOf(child)) {
      if (!sent) continue; // its end may be known before it is known whether it was asked
      waiting.delete(id);
      reject(new Error(`${command.program} may or may not have run: its broker ${reason}`));
    }
  };

  const take = (answer: Answered): void => {
    const asker = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('failed' in answer) asker?.reject(new Error(answer.failed));
    else
      asker?.resolve({
        code: answer.end.code,
        output: Buffer.from(answer.end.output),
        complaints: Buffer.from(answer.end.complaints),
      });
  };

  return (command: Command): Promise<CommandEnd> => {
    const { promise, resolve, reject } = Promise.withResolvers<CommandEnd>();
    const id = ++asked;
    const asker: Waiting = { command, resolve, reject };
    waiting.set(id, asker);
    ask(id, asker);
    return promise;
  };
}
