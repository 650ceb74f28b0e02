import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as passed } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';

const module = JSON.stringify(import.meta.resolve('../src/runtimes/container-process.ts'));

/** Starts a task for each line that it reads, a shell with a child of its own, and says its process group. */
const SERVER = `
  const { startProcess } = await import(${module});
  process.stdin.on('data', async () => {
    const command = { kind: 'run', file: '/bin/sh', args: ['-c', 'sleep 600 & wait'], cwd: '/', env: {} };
    const { pid } = await startProcess(command, {}, () => {});
    console.log(pid);
  });
`;

/** Is killed in the moment in which it has started the process of a task, and says its process group first. */
const SERVER_THAT_DIES = `
  const { default: processes } = await import('node:child_process');
  const { syncBuiltinESMExports } = await import('node:module');
  const { writeSync } = await import('node:fs');
  const { spawn } = processes;
  processes.spawn = (file, args, options) => {
    const child = spawn(file, args, options);
    if (options.cwd === '/tmp') {
      writeSync(1, String(child.pid));
      process.kill(process.pid, 'SIGKILL');
    }
    return child;
  };
  syncBuiltinESMExports();
  const { startProcess } = await import(${module});
  const command = { kind: 'run', file: '/bin/sh', args: ['-c', 'sleep 600'], cwd: '/tmp', env: {} };
  await startProcess(command, {}, () => {});
`;

const groups: number[] = [];
afterEach(() => {
  for (const group of groups.splice(0).filter(lives)) process.kill(-group, 'SIGKILL');
});

function startServer() {
  const server = spawn(process.execPath, ['--input-type=module', '-e', SERVER], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  const startTask = async () => {
    server.stdin.write('another\n');
    const { value } = await lines.next();
    groups.push(Number(value));
    return Number(value);
  };
  return { server, startTask };
}

/** Whether a process group has a member that is no zombie. */
function lives(group: number): boolean {
  try {
    process.kill(-group, 0);
    return !readFileSync(`/proc/${group}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

async function ended(some: readonly number[]): Promise<void> {
  while (some.some(lives)) await passed(20);
}

/** The shell that ends a server's tasks. */
function reaperOf({ pid = 0 }: ChildProcess): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
  const found = children.find((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('groups='));
  if (found === undefined) throw new Error('the server has no reaper');
  return found;
}

test.each(['SIGKILL', 'SIGTERM', 'SIGHUP'] as const)(
  'no task outlives a server that %s ends',
  async (signal) => {
    const { server, startTask } = startServer();
    const tasks = [await startTask(), await startTask()];
    expect(tasks.map(lives)).toEqual([true, true]);
    server.kill(signal);
    await ended(tasks);
  },
);

test('a task whose server is killed while it starts does not begin', async () => {
  const server = spawn(process.execPath, ['--input-type=module', '-e', SERVER_THAT_DIES], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said = await server.stdout.toArray();
  const group = Number(Buffer.concat(said).toString());
  groups.push(group);
  expect(group).toBeGreaterThan(1);
  expect(server.signalCode ?? (await once(server, 'exit'))[1]).toBe('SIGKILL');
  await ended([group]);
});

test('a reaper that was killed is replaced with the next task, and hears of those that live', async () => {
  const { server, startTask } = startServer();
  const before = await startTask();
  const first = reaperOf(server);
  process.kill(first, 'SIGKILL');
  while (readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8').includes(`${first} `))
    await passed(20);
  const after = await startTask();
  expect(lives(before)).toBe(true);
  server.kill('SIGKILL');
  await ended([before, after]);
});
