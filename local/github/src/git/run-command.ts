import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Answered, Command, CommandEnd } from './command.ts';

interface Waiting {
  readonly command: Command;
  readonly resolve: (end: CommandEnd) => void;
  readonly reject: (thrown: Error) => void;
  /** Who was asked. */
  broker?: ChildProcess;
}

let broker: ChildProcess | undefined;
let asked = 0;
const waiting = new Map<number, Waiting>();

/**
 * Runs a program through a small process of our own. A process that starts another is copied first, and a server with a
 * gigabyte of state needs fifty milliseconds for that, a small one needs one.
 */
export function runCommand(command: Command): Promise<CommandEnd> {
  const { promise, resolve, reject } = Promise.withResolvers<CommandEnd>();
  const id = ++asked;
  const asker: Waiting = { command, resolve, reject };
  waiting.set(id, asker);
  ask(id, asker);
  return promise;
}

function ask(id: number, asker: Waiting): void {
  if (!broker?.connected) broker = startBroker();
  broker.channel?.ref(); // a caller that waits for an answer is not done
  asker.broker = broker;
  // It may have ended a moment ago: its disconnecting, which comes next, asks another one.
  broker.send({ id, command: asker.command }, () => {});
}

function startBroker(): ChildProcess {
  const child = fork(join(import.meta.dirname, 'broker.ts'), {
    execArgv: [],
    serialization: 'advanced',
    env: { PATH: process.env['PATH'] ?? '' },
  });
  child.unref();
  child.on('message', (answer) => take(child, answer as Answered)); // ours, broker.ts
  // It ends only when it has nothing to do: what it did not answer, it has not read.
  child.on('disconnect', () => {
    for (const [id, asker] of waiting) if (asker.broker === child) ask(id, asker);
  });
  return child;
}

function take(child: ChildProcess, answer: Answered): void {
  const asker = waiting.get(answer.id);
  waiting.delete(answer.id);
  if (![...waiting.values()].some(({ broker: of }) => of === child)) child.channel?.unref();
  if ('failed' in answer) asker?.reject(new Error(answer.failed));
  else
    asker?.resolve({
      code: answer.end.code,
      output: Buffer.from(answer.end.output),
      complaints: Buffer.from(answer.end.complaints),
    });
}
