import { pathToFileURL } from 'node:url';
import type { FromHost, ToHost } from './action-hosts.ts';
import type { BootedProcess } from './boot-action.ts';

/** A process behind `actionHosts`: one step at a time, each with an environment of its own. */
let steps = 0;

const say = (said: FromHost) => process.send?.(said);

process.on('message', (told: ToHost) => {
  if ('step' in told) void run(told.step);
  // Nobody listens before the step has come so far: then a signal ends a process.
  else if (!process.emit(told.signal)) process.exit(1);
});

/** What a step has printed and nobody was told yet: lines that come together are told together. */
let printed = '';

function tell(): void {
  if (printed !== '') say({ text: printed });
  printed = '';
}

async function run(work: BootedProcess): Promise<void> {
  const keep = (chunk: string | Uint8Array): boolean => {
    if (printed === '') setImmediate(tell);
    printed += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    return true;
  };
  process.stdout.write = keep;
  process.stderr.write = keep;
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, work.env);
  process.chdir(work.folder);
  process.exitCode = 0;
  steps += 1;
  try {
    await import(`${pathToFileURL(work.file)}?step=${steps}`); // the entry is loaded again; its chunks are shared
  } catch (thrown) {
    keep(`${thrown instanceof Error ? thrown.stack : thrown}\n`);
    process.exitCode = 1;
  }
  for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal);
  process.chdir('/');
  tell();
  say({ exitCode: Number(process.exitCode) });
}
