import { pathToFileURL } from 'node:url';
import type { BootedProcess } from './boot-action.ts';

/** The process behind `warmActions`: one step at a time, each with an environment of its own. */
let steps = 0;

process.on('message', async (work: BootedProcess) => {
  let text = '';
  const keep = (chunk: string | Uint8Array): boolean => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
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
    await import(`${pathToFileURL(work.file)}?step=${steps}`); // the entry anew; its chunks are shared
  } catch (thrown) {
    keep(`${thrown instanceof Error ? thrown.stack : thrown}\n`);
    process.exitCode = 1;
  }
  for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal);
  process.chdir('/');
  process.send?.({ exitCode: Number(process.exitCode), text });
});
