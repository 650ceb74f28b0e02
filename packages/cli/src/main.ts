import { run } from './run.ts';

process.exitCode = await run(process.argv.slice(2), {
  cwd: process.env['INIT_CWD'] ?? process.cwd(),
  env: process.env,
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
});
