import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
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

/** Processes of a group that are no zombies. */
function membersOf(group: number): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const [state, , of] = statOf(pid);
      return Number(of) === group && state !== 'Z';
    });
}

/** State, parent and group of a process, and what else follows its name. */
function statOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  } catch {
    return []; // it has ended meanwhile
  }
}

/** Whether a process group has a member that is no zombie. */
function lives(group: number): boolean {
  try {
    process.kill(-group, 0);
    return membersOf(group).length > 0;
  } catch {
    return false;
  }
}

async function ended(some: readonly number[]): Promise<void> {
  while (some.some(lives)) await passed(20);
}

/** The shell that ends a server's tasks. */
function reaperOf(server: ChildProcess): number {
  const found = reapersOf(server)[0];
  if (found === undefined) throw new Error('the server has no reaper');
  return found;
}

function reapersOf({ pid = 0 }: ChildProcess): readonly number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
  return children.filter((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('groups='));
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

test('a reaper that was killed is replaced, and hears of the tasks that live and of the next', async () => {
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

test('a reaper that was killed is replaced though no further task starts', async () => {
  const { server, startTask } = startServer();
  const task = await startTask();
  const first = reaperOf(server);
  process.kill(first, 'SIGKILL');
  while (!reapersOf(server).some((reaper) => reaper !== first)) await passed(20);
  server.kill('SIGKILL');
  await ended([task]);
});

/** Milliseconds between the end of the reaper and that of the server. */
test.each([0, 1, 5, 20, 100])(
  'no task outlives its server though the reaper was killed %d ms before',
  async (between) => {
    const { server, startTask } = startServer();
    const tasks = [await startTask(), await startTask()];
    process.kill(reaperOf(server), 'SIGKILL');
    await passed(between);
    server.kill('SIGKILL');
    await ended(tasks);
  },
);
