import { constants } from 'node:os';
import type { Command } from '../io.ts';
import { asker } from './asker.ts';
import { harmless } from './harmless.ts';

/** Ctrl-C comes from the terminal, from npm and from our launcher: within this time they are one. */
const ONE_INTERRUPTION_MS = 500;

/** Runs a command with the words, the terminal and the signals of this process. Sets its exit code. */
export async function inThisProcess(run: Command): Promise<void> {
  const { stdin, stdout, stderr } = process;
  const interruption = new AbortController();
  interruptedBySignals(interruption);
  for (const stream of [stdout, stderr])
    stream.on('error', (thrown: NodeJS.ErrnoException) => {
      if (thrown.code !== 'EPIPE' && thrown.code !== 'EIO') throw thrown; // else nobody reads it any more
    });
  const terminal = asker(stdin, stdout, () => interruption.abort('SIGINT'));
  process.exitCode = await run(process.argv.slice(2), {
    cwd: process.env['INIT_CWD'] ?? process.cwd(),
    env: process.env,
    out: (line) => stdout.write(`${harmless(line)}\n`),
    err: (line) => stderr.write(`${harmless(line)}\n`),
    interrupted: interruption.signal,
    ...(stdin.isTTY && stdout.isTTY && { ask: terminal.ask }),
    ...(stdout.isTTY && {
      terminal: {
        get columns() {
          return stdout.columns; // the window may be resized
        },
        write: (text: string) => stdout.write(text),
      },
    }),
  });
  terminal.close();
}

/** The first signal interrupts the command; a second one ends the process at once. */
function interruptedBySignals(interruption: AbortController): void {
  let interruptedAt = Number.POSITIVE_INFINITY;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (performance.now() - interruptedAt > ONE_INTERRUPTION_MS)
        process.exit(128 + constants.signals[signal]);
      interruptedAt = Math.min(interruptedAt, performance.now());
      interruption.abort(signal);
    });
}
