import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as passed } from 'node:timers/promises';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { LABEL } from '../src/runtimes/docker-belongings.ts';

jest.setTimeout(60_000); // processes of their own, on a machine that may be busy

/** As much of an engine as what removes containers asks of it. */
interface Engine {
  readonly host: string;
  readonly containers: Map<string, string>;
  readonly server: Server;
}

let folder: string;
let engine: Engine;
let child: ChildProcess | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'engine-'));
  const containers = new Map<string, string>();
  const server = createServer(({ method, url = '' }, response) => {
    const id = /^\/containers\/([^/?]+)\?force=1/.exec(url)?.[1];
    if (method === 'DELETE' && id !== undefined) containers.delete(id);
    const list = [...containers].map(([Id, world]) => ({ Id, Labels: { [LABEL]: world } }));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(url.startsWith('/containers/json') ? list : []));
  });
  server.listen(join(folder, 'engine.sock'));
  await once(server, 'listening');
  engine = { host: `unix://${join(folder, 'engine.sock')}`, containers, server };
});
afterEach(async () => {
  child?.kill('SIGKILL');
  for (const pid of watchers()) process.kill(pid, 'SIGKILL'); // it looks again for a while
  engine.server.close();
  rmSync(folder, { recursive: true });
});

/** A server that runs, with a container of each of its worlds and one of somebody else's. */
async function running() {
  const server = spawn(process.execPath, [join(import.meta.dirname, 'a-docker-server.ts')], {
    env: { DOCKER_HOST: engine.host },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child = server;
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  const said = async () => String((await lines.next()).value);
  const [first = '', second = ''] = (await said()).split(',');
  for (const [id, world] of Object.entries({ one: first, two: second, other: 'elsewhere-1-abcd' }))
    engine.containers.set(id, world);
  await until(() => watchers().length === 1);
  return { server, said, first };
}

/** Processes that watch over this test's engine. */
function watchers(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter(
      (pid) => told(pid, 'cmdline').includes('docker-watcher.ts') && told(pid, 'environ').includes(folder),
    )
    .map(Number);
}

function told(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // it has ended meanwhile
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let times = 0; times < 300; times += 1) {
    if (holds()) return;
    await passed(100);
  }
  throw new Error('this did not come true within half a minute');
}

const left = () => [...engine.containers.keys()];

test('takes the containers of a server away that was killed, and nobody else’s', async () => {
  const { server } = await running();
  server.kill('SIGKILL');
  await until(() => left().join() === 'other');
});

test('comes again when somebody has killed it, and knows what lives', async () => {
  const { server } = await running();
  const [watcher = 0] = watchers();
  process.kill(watcher, 'SIGKILL');
  await until(() => watchers().some((pid) => pid !== watcher));
  server.kill('SIGKILL');
  await until(() => left().join() === 'other');
});

test('has nothing to do with a world that has ended by itself', async () => {
  const { server, said, first } = await running();
  server.stdin.write('close\n');
  expect(await said()).toBe('closed');
  expect(left()).toEqual(['two', 'other']);
  engine.containers.set('late', first);
  server.kill('SIGKILL');
  await until(() => left().join() === 'other,late');
});
