import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TaskEnd } from '../ecs/happening.ts';
import type { World } from '../world/world.ts';
import { type Address, listening, probeAt } from './address.ts';
import { commandOf } from './command.ts';
import { type ContainerProcess, startProcess } from './container-process.ts';
import { freePort, loopback } from './loopback.ts';
import type {
  ContainerHealthCheck,
  ContainerOrder,
  RunningTask,
  TaskListener,
  TaskOrder,
  TaskRuntime,
} from './runtime.ts';

/*
 * The virtual clock speeds up the wait for a service, not the machine that it runs on. Where a limit is about the
 * service answering, it is never shorter than this many real milliseconds.
 */
const LEAST_ANSWER = 2_000;
const LEAST_STOP = 1_000;
/** How long a task may take to listen before it counts as started anyway. */
const LONGEST_START = 3_000;

/**
 * Runs a task as processes of this machine: the image unpacked, its command started there, each of its ports mapped
 * to a free loopback port, the first given as PORT. It is no container: nothing but the environment is closed off.
 */
export function processRuntime(world: Pick<World, 'clock' | 'onClose'>): TaskRuntime {
  const tasks = new Set<ProcessTask>();
  let closed = false;
  world.onClose(async () => {
    closed = true;
    await Promise.all([...tasks].map((task) => task.kill()));
  });
  return {
    run: (order, listener) => {
      const task = processTask(world, order, listener);
      tasks.add(task);
      void task.over.then(() => tasks.delete(task));
      if (closed) void task.kill();
      return task;
    },
  };
}

interface ProcessTask extends RunningTask {
  readonly over: Promise<void>;
  kill(): Promise<void>;
}

function processTask(world: Pick<World, 'clock'>, order: TaskOrder, listener: TaskListener): ProcessTask {
  const { clock } = world;
  const ports = new Map<number, number>();
  const processes = new Map<ContainerOrder, ContainerProcess>();
  const checks = new Set<ContainerProcess>();
  const exits: Record<string, { exitCode: number }> = {};
  let wish: 'SIGTERM' | 'SIGKILL' | undefined;
  let folder = '';

  const signal = (name: 'SIGTERM' | 'SIGKILL') => {
    wish = name;
    for (const running of processes.values()) running.signal(name);
    for (const check of checks) check.signal('SIGKILL');
  };
  const stop = () => {
    if (wish) return;
    signal('SIGTERM');
    const patience = Math.max(...order.containers.map((container) => container.stopTimeout)) * 1_000;
    clock.after(Math.max(patience, LEAST_STOP * clock.scale), () => signal('SIGKILL'));
  };

  const portsOf = (container: ContainerOrder) =>
    portVariables(container.ports.map((port) => [port, ports.get(port) ?? 0]));

  /** In a process of its own beside the container's, with its files, folder and variables. */
  const checkContainer = async (name: string, check: ContainerHealthCheck): Promise<boolean> => {
    const container = order.containers.find((one) => one.name === name);
    if (!container || wish) return false;
    const inside = { ...container, entryPoint: programOf(check), command: [] };
    const command = commandOf(inside, machineAt(join(folder, name)), order.region);
    if (command.kind === 'cannot-start') return false;
    try {
      const running = await startProcess(command, portsOf(container), () => undefined);
      checks.add(running);
      const patience = Math.max((check.timeoutSeconds * 1_000) / clock.scale, LEAST_ANSWER);
      const timer = setTimeout(() => running.signal('SIGKILL'), patience);
      const exitCode = await running.exitCode;
      clearTimeout(timer);
      checks.delete(running);
      return exitCode === 0;
    } catch {
      return false;
    }
  };

  const start = async (container: ContainerOrder): Promise<TaskEnd | undefined> => {
    const failed = (reason: string): TaskEnd => ({ kind: 'cannot-start', container: container.name, reason });
    const root = join(folder, container.name);
    try {
      await unpack(container, root);
    } catch (cause) {
      return failed(`CannotPullContainerError: failed to unpack the image: ${messageOf(cause)}`);
    }
    const command = commandOf(container, machineAt(root), order.region);
    if (command.kind === 'cannot-start') return failed(command.reason);
    for (const port of container.ports) ports.set(port, await freePort());
    if (wish) return undefined;
    try {
      const running = await startProcess(command, portsOf(container), container.log);
      processes.set(container, running);
      if (wish) running.signal(wish);
    } catch (cause) {
      return failed(`CannotStartContainerError: failed to start the container: ${messageOf(cause)}`);
    }
    return undefined;
  };

  const watch = async (container: ContainerOrder, running: ContainerProcess) => {
    exits[container.name] = { exitCode: await running.exitCode };
    if (container.essential) stop();
  };

  const live = async (): Promise<TaskEnd> => {
    folder = await mkdtemp(join(tmpdir(), 'local-aws-task-'));
    for (const container of order.containers) {
      const failure = await start(container);
      if (failure) {
        stop();
        await Promise.all([...processes.values()].map((running) => running.exitCode));
        return failure;
      }
    }
    const ends = Promise.all([...processes].map(([container, running]) => watch(container, running)));
    const served = order.service === '' ? [] : firstPorts(order, ports);
    await Promise.race([listening(served, LONGEST_START, () => wish !== undefined), ends]);
    if (!wish) listener.started();
    await ends;
    return { kind: 'exited', exits };
  };

  const over = live()
    .catch((cause: unknown): TaskEnd => {
      signal('SIGKILL');
      return {
        kind: 'cannot-start',
        container: '',
        reason: `CannotStartContainerError: ${messageOf(cause)}`,
      };
    })
    .then(async (end) => {
      listener.ended(end);
      if (folder !== '') await rm(folder, { recursive: true, force: true });
    });

  return {
    stop,
    over,
    kill: async () => {
      signal('SIGKILL');
      await over;
    },
    probe: async ({ port, path, timeoutSeconds }) => {
      const mapped = ports.get(port);
      if (mapped === undefined) return { kind: 'refused' };
      const milliseconds = Math.max((timeoutSeconds * 1_000) / clock.scale, LEAST_ANSWER);
      return probeAt(loopback(mapped), path, milliseconds);
    },
    checkContainer,
    anomalous: () => false,
    reach: (port) => {
      const mapped = ports.get(port);
      return mapped === undefined ? undefined : { kind: 'address', ...loopback(mapped) };
    },
  };
}

const machineAt = (root: string) => ({ root, node: process.execPath, exists: existsSync });

function programOf({ command: [kind, ...rest] }: ContainerHealthCheck): readonly string[] {
  return kind === 'CMD-SHELL' ? ['/bin/sh', '-c', ...rest] : rest;
}

/** PORT is the loopback port of the first; a container with several finds each by its own number: PORT_9090. */
function portVariables(ports: readonly (readonly [port: number, mapped: number])[]): Record<string, string> {
  const [first] = ports;
  return {
    ...Object.fromEntries(ports.map(([port, mapped]) => [`PORT_${port}`, String(mapped)])),
    ...(first ? { PORT: String(first[1]) } : {}),
  };
}

function firstPorts(order: TaskOrder, ports: ReadonlyMap<number, number>): readonly Address[] {
  return order.containers.flatMap((container) => {
    const mapped = ports.get(container.ports[0] ?? 0);
    return mapped === undefined ? [] : loopback(mapped);
  });
}

async function unpack(container: ContainerOrder, root: string): Promise<void> {
  await mkdir(root, { recursive: true });
  await container.content.unpack(root);
}

const messageOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause));
