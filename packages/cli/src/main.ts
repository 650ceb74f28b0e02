import { constants } from 'node:os';
import { run } from './run.ts';
import { asker } from './terminal/asker.ts';
import { harmless } from './terminal/harmless.ts';

const { stdin, stdout, stderr } = process;
const interruption = new AbortController();
/** Ctrl-C comes from the terminal, from npm and from our launcher: within this time they are one. */
const ONE_INTERRUPTION_MS = 500;
let interruptedAt = Number.POSITIVE_INFINITY;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (performance.now() - interruptedAt > ONE_INTERRUPTION_MS)
      process.exit(128 + constants.signals[signal]);
    interruptedAt = Math.min(interruptedAt, performance.now());
    interruption.abort(signal);
  });
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
