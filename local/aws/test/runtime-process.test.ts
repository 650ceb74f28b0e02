import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { TaskEnd } from '../src/ecs/happening.ts';
import { processRuntime } from '../src/runtimes/process.ts';
import type { ContainerOrder, RunningTask } from '../src/runtimes/runtime.ts';
import { virtualClock } from '../src/world/clock.ts';
import { noBlobs } from './no-blobs.ts';

let endings: (() => Promise<void> | void)[] = [];
const world = {
  clock: virtualClock(60),
  onClose: (end: () => Promise<void> | void) => void endings.push(end),
};
const close = async () => {
  for (const end of endings) await end();
};

let folder = '';
beforeEach(() => {
  endings = [];
});
afterEach(close);

/** Runs one program, as the image's only file, in a real process. */
function run(program: string, more: Partial<ContainerOrder> = {}) {
  const lines: string[] = [];
  const started = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<TaskEnd>();
  const container: ContainerOrder = {
    name: 'orders',
    image: 'i',
    content: {
      digest: 'd',
      platform: { os: 'linux', architecture: 'amd64' },
      config: {
        cmd: ['node', '/srv/main.mjs'],
        entrypoint: [],
        env: { GREETING: 'hello' },
        workdir: '/srv',
        user: '',
        exposedPorts: [],
      },
      blobs: () => noBlobs,
      unpack: async (into) => {
        folder = into;
        mkdirSync(join(into, 'srv'));
        writeFileSync(join(into, 'srv/main.mjs'), program);
      },
    },
    essential: true,
    entryPoint: undefined,
    command: undefined,
    environment: {},
    workingDirectory: undefined,
    ports: [8080],
    memory: undefined,
    stopTimeout: 30,
    healthCheck: undefined,
    log: (line) => lines.push(line),
    ...more,
  };
  const task: RunningTask = processRuntime(world).run(
    {
      account: '000011112222',
      region: 'eu-west-1',
      task: '0123',
      family: 'f',
      service: 's',
      group: 'service:s',
      startedBy: 'ecs-svc/1',
      address: '10.0.1.4',
      subnet: { id: 'subnet-a', cidr: '10.0.1.0/24' },
      containers: [container],
    },
    { started: started.resolve, ended: ended.resolve, interrupted: () => undefined },
  );
  return { task, lines, started: started.promise, ended: ended.promise };
}

const SERVER = `import { createServer } from 'node:http';
createServer((request, response) => {
  response.statusCode = request.url === '/broken' ? 500 : 200;
  response.end(JSON.stringify({ greeting: process.env.GREETING, secret: process.env.OUTSIDE, cwd: process.cwd() }));
}).listen(process.env.PORT, () => console.log('listening'));
`;
const check = (path: string) => ({ port: 8080, path, timeoutSeconds: 5 });

describe('a task as a process', () => {
  test('has started when it listens; health checks are real requests to it', async () => {
    const { task, started } = run(SERVER);
    await started;
    expect(await task.probe(check('/'))).toEqual({ kind: 'answered', status: 200 });
    expect(await task.probe(check('/broken'))).toEqual({ kind: 'answered', status: 500 });
    expect(await task.probe({ ...check('/'), port: 9090 })).toEqual({ kind: 'refused' });
  });

  test('sees the environment of its image and nothing of this machine', async () => {
    process.env['OUTSIDE'] = 'not for the task';
    const { task, started } = run(SERVER);
    await started;
    delete process.env['OUTSIDE'];
    const reach = task.reach(8080);
    const answer = await fetch(`http://127.0.0.1:${reach?.kind === 'address' ? reach.port : 0}/`);
    expect(await answer.json()).toEqual({ greeting: 'hello', cwd: join(folder, 'srv') });
  });

  test("answers its container's own health check beside it, with its files and its port", async () => {
    const { task, started } = run(SERVER);
    await started;
    const check = (...command: readonly string[]) =>
      task.checkContainer('orders', {
        command,
        intervalSeconds: 5,
        timeoutSeconds: 5,
        retries: 2,
        startPeriodSeconds: 0,
      });
    const ask = (path: string) =>
      `fetch('http://127.0.0.1:' + process.env.PORT + '${path}').then((r) => process.exit(r.ok ? 0 : 1))`;
    expect(
      await Promise.all([
        check('CMD', 'node', '-e', ask('/')),
        check('CMD', 'node', '-e', ask('/broken')),
        check('CMD-SHELL', 'test -f main.mjs'),
        check('CMD-SHELL', 'test "$OUTSIDE" || exit 1'),
        check('CMD', 'ruby'),
      ]),
    ).toEqual([true, false, true, false, false]);
  });

  test('that crashes before it listens never starts, and its exit code and last words are kept', async () => {
    const { started, ended, lines } = run(
      `console.error('no database'); process.stdout.write('bye'); process.exit(3);`,
    );
    const first = await Promise.race([started.then(() => 'started'), ended]);
    expect(first).toEqual({ kind: 'exited', exits: { orders: { exitCode: 3 } } });
    expect(lines.sort()).toEqual(['bye', 'no database']);
  });

  test('gets SIGTERM and may end in its own way', async () => {
    const { task, started, ended } = run(`process.on('SIGTERM', () => process.exit(0));${SERVER}`);
    await started;
    task.stop();
    expect(await ended).toEqual({ kind: 'exited', exits: { orders: { exitCode: 0 } } });
  });

  test('that ignores SIGTERM is killed after its stop timeout, with all that it started', async () => {
    const stubborn = `process.on('SIGTERM', () => {});
${SERVER}import { spawn } from 'node:child_process';
const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); process.on("SIGTERM", () => {})'], { stdio: 'inherit' });
console.log('child ' + child.pid);`;
    const { task, started, ended, lines } = run(stubborn, { stopTimeout: 2 });
    await started;
    task.stop();
    expect(await ended).toEqual({ kind: 'exited', exits: { orders: { exitCode: 137 } } });
    const pid = lines.find((line) => line.startsWith('child '))?.slice(6);
    await gone(Number(pid));
  });

  test('leaves nothing running behind it when it ends by itself', async () => {
    const orphan = `import { spawn } from 'node:child_process';
const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
console.log('child ' + child.pid);
child.on('spawn', () => process.exit(4));`;
    const { ended, lines } = run(orphan, { ports: [] });
    expect(await ended).toEqual({ kind: 'exited', exits: { orders: { exitCode: 4 } } });
    const pid = lines.find((line) => line.startsWith('child '))?.slice(6);
    await gone(Number(pid));
  });

  test('that cannot be unpacked or started says so', async () => {
    const { ended } = run('', { command: ['ruby', 'main.rb'] });
    expect(await ended).toMatchObject({
      kind: 'cannot-start',
      container: 'orders',
      reason: expect.stringMatching(/^CannotStartContainerError: .*"ruby"/),
    });
  });

  test('ends with its world, and leaves no file', async () => {
    const { started, ended } = run(SERVER);
    await started;
    expect(existsSync(folder)).toBe(true);
    await close();
    expect(await ended).toEqual({ kind: 'exited', exits: { orders: { exitCode: 137 } } });
    expect(existsSync(folder)).toBe(false);
  });
});

/** Comes back when a process has ended; Jest's own limit ends the wait for one that never does. */
async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** A killed orphan may wait as a zombie until somebody reaps it. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false; // on a system without /proc this promise is not checked
  }
}
