import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as passed } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const BIN = 'node packages/cli/bin/tenant-delivery.mjs local up';
const LONGEST_MS = 30_000; // on a machine with other work

/** Ways to start it, each a line of a shell that stays as long as what it starts. */
const STARTS = {
  npx: 'exec npx tenant-delivery local up',
  'npm exec': 'exec npm exec -- tenant-delivery local up',
  node: `exec ${BIN}`,
  'a shell in the background': `${BIN} & wait`,
  'npx in the background': 'npx tenant-delivery local up & wait',
  'a terminal': "exec script -qec 'npx tenant-delivery local up' /dev/null",
} as const;

/** What is done to stop it. `started` is the process that the line above became. */
const STOPS = {
  SIGINT: ({ started }: Up) => process.kill(started, 'SIGINT'),
  SIGTERM: ({ started }: Up) => process.kill(started, 'SIGTERM'),
  SIGHUP: ({ started }: Up) => process.kill(started, 'SIGHUP'),
  SIGQUIT: ({ started }: Up) => process.kill(started, 'SIGQUIT'),
  SIGKILL: ({ started }: Up) => process.kill(started, 'SIGKILL'),
  'Ctrl-C': ({ started }: Up) => process.kill(-started, 'SIGINT'),
  'Ctrl-C twice': async ({ started }: Up) => {
    process.kill(-started, 'SIGINT');
    await passed(600);
    if (lives(started)) process.kill(-started, 'SIGINT');
  },
  'SIGTERM to the last child': ({ server }: Up) => process.kill(server, 'SIGTERM'),
  'SIGKILL to the last child': ({ server }: Up) => process.kill(server, 'SIGKILL'),
} as const;

const ROWS: readonly (readonly [keyof typeof STARTS, keyof typeof STOPS])[] = [
  ['npx', 'SIGINT'],
  ['npx', 'SIGTERM'],
  ['npx', 'SIGHUP'],
  ['npx', 'SIGKILL'],
  ['npx', 'Ctrl-C'],
  ['npx', 'SIGKILL to the last child'],
  ['npm exec', 'SIGTERM'],
  ['node', 'SIGINT'],
  ['node', 'SIGTERM'],
  ['node', 'SIGHUP'],
  ['node', 'SIGQUIT'],
  ['node', 'SIGKILL'],
  ['node', 'Ctrl-C twice'],
  ['a shell in the background', 'SIGTERM'],
  ['a shell in the background', 'SIGKILL'],
  ['npx in the background', 'SIGHUP'],
  ['npx in the background', 'SIGKILL'],
  ['npx in the background', 'SIGTERM to the last child'],
  ['a terminal', 'SIGKILL'], // as its window is closed
];

interface Up {
  readonly started: number;
  readonly server: number;
  /** Everything that was started, with the tasks. */
  readonly all: readonly number[];
  readonly folder: string;
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) {
    for (const pid of processesIn(folder)) process.kill(pid, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});

test.each(ROWS)('started by %s and stopped by %s, it leaves no process', async (how, by) => {
  const up = await start(STARTS[how]);
  await STOPS[by](up);
  const since = performance.now();
  let left = leftOf(up);
  while (left.length > 0 && performance.now() - since < LONGEST_MS) {
    await passed(50);
    left = leftOf(up);
  }
  expect(left.map(commandOf)).toEqual([]);
});

async function start(line: string): Promise<Up> {
  const folder = mkdtempSync(join(tmpdir(), 'td-local-up-'));
  folders.push(folder);
  const child = spawn('/bin/sh', ['-c', line], {
    cwd: root,
    detached: true, // a group of its own, as a terminal gives to what it starts
    stdio: ['ignore', 'pipe', 'pipe'],
    // The machine's own Node, as a customer has it: an older one starts the one that npm ci brought.
    env: { ...process.env, TMPDIR: folder, PATH: machinePath() },
  });
  await addressesFrom(child);
  const started = child.pid ?? 0;
  const tasks = await settledTasks(folder);
  const all = [started, ...descendantsOf(started)];
  const server = all.find((pid) => tasks.some((task) => parentOf(task) === pid)) ?? 0;
  expect(server).toBeGreaterThan(0);
  return { started, server, all, folder };
}

/** The tasks, once there are some and no other has started for a while. */
async function settledTasks(folder: string): Promise<readonly number[]> {
  for (let before: readonly number[] = []; ; ) {
    await passed(1_000);
    const now = processesIn(folder);
    if (now.length > 0 && now.length === before.length) return now;
    before = now;
  }
}

function machinePath(): string {
  const path = process.env['PATH'] ?? '';
  return path
    .split(delimiter)
    .filter((folder) => !folder.endsWith('node_modules/.bin'))
    .join(delimiter);
}

/** Waits until it has printed the addresses of its servers. In a terminal npm draws before it. */
async function addressesFrom(child: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      said += chunk;
      if (/\{"aws":"http:\/\/127\.0\.0\.1:\d+".*\}/.test(said)) resolve();
    });
  child.once('close', (code) => reject(new Error(`it ended with ${code}: ${said}`)));
  return promise;
}

const leftOf = ({ all, folder }: Up) => [...new Set([...all.filter(lives), ...processesIn(folder)])];

function pids(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** State and parent of a process, or nothing if it has ended. */
function statOf(pid: number): { readonly state: string; readonly parent: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state = '', parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state, parent: Number(parent) };
  } catch {
    return undefined;
  }
}

const parentOf = (pid: number) => statOf(pid)?.parent;

/** A zombie has ended; only its parent has not looked. */
function lives(pid: number): boolean {
  const stat = statOf(pid);
  return stat !== undefined && stat.state !== 'Z';
}

function descendantsOf(pid: number): readonly number[] {
  return pids()
    .filter((one) => parentOf(one) === pid)
    .flatMap((one) => [one, ...descendantsOf(one)]);
}

/** Tasks: processes that work in a folder below this one. */
function processesIn(folder: string): readonly number[] {
  return pids().filter((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`).startsWith(`${folder}/`) && lives(pid);
    } catch {
      return false;
    }
  });
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}
