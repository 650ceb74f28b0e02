import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { actionHosts, type FromHost } from '../src/action-hosts.ts';

const folder = mkdtempSync(join(tmpdir(), 'td-hosts-'));
const hosts = actionHosts();
afterAll(() => {
  hosts.close();
  rmSync(folder, { recursive: true });
});

async function step(name: string, source: string): Promise<{ text: string; exitCode: number | null }> {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, source);
  let text = '';
  const { promise, resolve } = Promise.withResolvers<number | null>();
  hosts.run({ file, folder, env: {} }, (said: FromHost) => {
    if ('text' in said) text += said.text;
    else resolve(said.exitCode);
  });
  return { exitCode: await promise, text };
}

it('says of a step that ends without a word what ended it: an error outside of it, or a signal', async () => {
  const late = "globalThis.late = () => void Promise.reject(new Error('of an earlier step'));";
  expect(await step('a', late)).toEqual({ exitCode: 0, text: '' });
  const ended = await step('b', 'globalThis.late(); await new Promise(() => {});');
  expect(ended).toMatchObject({
    exitCode: 1,
    text: expect.stringContaining('Error: of an earlier step'),
  });
  const killed = await step('c', "process.kill(process.pid, 'SIGKILL'); await new Promise(() => {});");
  expect(killed).toEqual({ exitCode: null, text: 'the process of this step ended by SIGKILL\n' });
  expect(await step('d', '')).toEqual({ exitCode: 0, text: '' });
});
