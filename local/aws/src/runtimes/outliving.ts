import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';

interface Program {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What is told to a process that outlives this one. */
export interface Outliving {
  /** Over once the process has heard of it. */
  add(word: string): Promise<void>;
  remove(word: string): void;
}

/**
 * A process that reads what lives here, one `+ WORD` or `- WORD` a line, and hears twice what it knows. When its input ends, this
 * process is gone, whatever killed it, and what is left is for it to end. One that somebody has killed is replaced at once: the next
 * one hears of all that lives.
 */
export function outliving(program: Program): Outliving {
  const living = new Set<string>();
  let child: ChildProcess | undefined;

  const start = (): ChildProcess => {
    const started = spawn(program.file, program.args, {
      cwd: '/',
      env: program.env,
      detached: true, // a signal to all processes of a terminal does not reach it
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    started.once('close', () => {
      if (child === started) child = living.size > 0 ? start() : undefined; // at once: this process may be killed next
    });
    started.stdin?.on('error', () => {}); // somebody has killed it: the next word starts another
    started.on('error', () => {});
    started.unref();
    if (started.stdin instanceof Socket) started.stdin.unref(); // a pipe to a child is one
    for (const word of living) void tell(started, '+', word);
    return started;
  };

  return {
    add: async (word) => {
      living.add(word);
      child ??= start();
      const first = child;
      if (await tell(first, '+', word)) return;
      if (child === first) child = undefined;
      child ??= start();
      await tell(child, '+', word);
    },
    remove: (word) => {
      living.delete(word);
      if (child) void tell(child, '-', word);
    },
  };
}

/** Whether its input took the word. */
async function tell({ stdin }: ChildProcess, sign: '+' | '-', word: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  stdin?.write(`${sign} ${word}\n`, (failed) => resolve(!failed));
  return promise;
}
