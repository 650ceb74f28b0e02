import { run } from './run.ts';
import { harmless } from './terminal/harmless.ts';

const { stdout } = process;
const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort(signal));

process.exitCode = await run(process.argv.slice(2), {
  cwd: process.env['INIT_CWD'] ?? process.cwd(),
  env: process.env,
  out: (line) => stdout.write(`${harmless(line)}\n`),
  err: (line) => process.stderr.write(`${harmless(line)}\n`),
  interrupted: interruption.signal,
  ...(stdout.isTTY && {
    terminal: {
      get columns() {
        return stdout.columns; // the window may be resized
      },
      write: (text: string) => stdout.write(text),
    },
  }),
});
