import type { TaskEnd } from '../ecs/happening.ts';
import type { World } from '../world/world.ts';
import { listening, probeAt } from './address.ts';
import { beginBelongings, endBelongings } from './docker-belongings.ts';
import { type ContainerPlace, createContainer, type EngineContainer } from './docker-container.ts';
import type { DockerEngine } from './docker-engine.ts';
import { imageLoader } from './docker-image.ts';
import { vpcNetworks } from './docker-network.ts';
import { watchWorld } from './docker-watch.ts';
import type { ContainerOrder, RunningTask, TaskListener, TaskOrder, TaskRuntime } from './runtime.ts';

/*
 * As with processes, the virtual clock speeds up the wait for a service, not the machine below it: no limit on an
 * answer is shorter than this many real milliseconds. A check inside of a container is a process that must be started.
 */
const LEAST_ANSWER = 2_000;
const LEAST_CHECK = 5_000;
const LEAST_STOP = 1_000;
/** How long a task may take to listen before it counts as started anyway; less once it has said something. */
const LONGEST_START = 20_000;
const LONGEST_AFTER_WORDS = 2_000;

interface Surroundings extends Pick<World, 'clock' | 'onClose' | 'state'> {}

interface Engine {
  readonly engine: DockerEngine;
  /** What the world's things are called there. */
  readonly name: string;
  readonly load: ReturnType<typeof imageLoader>;
  readonly network: ReturnType<typeof vpcNetworks>;
}

/**
 * Runs a task as containers of an engine: the image as the registry has it, a network for each VPC, and the task's own
 * address in it, at which alone it can be reached. What it made is removed with the world.
 */
export function dockerRuntime(world: Surroundings, engine: DockerEngine): TaskRuntime {
  const name = beginBelongings();
  const watched = watchWorld(engine, name);
  const at: Engine = {
    engine,
    name,
    load: imageLoader(engine, name),
    network: vpcNetworks(world, engine, name),
  };
  const tasks = new Set<EngineTask>();
  let closed = false;
  world.onClose(async () => {
    closed = true;
    await Promise.all([...tasks].map((task) => task.kill()));
    await endBelongings(engine, name);
    watched.ended();
  });
  return {
    run: (order, listener) => {
      const task = engineTask(world, at, order, listener);
      tasks.add(task);
      void task.over.then(() => tasks.delete(task));
      if (closed) void task.kill();
      return task;
    },
  };
}

interface EngineTask extends RunningTask {
  readonly over: Promise<void>;
  kill(): Promise<void>;
}

function engineTask(
  { clock }: Pick<World, 'clock'>,
  { engine, name, load, network }: Engine,
  order: TaskOrder,
  listener: TaskListener,
): EngineTask {
  const running = new Map<ContainerOrder, EngineContainer>();
  const started = new Set<EngineContainer>();
  const exits: Record<string, { exitCode: number; reason?: string }> = {};
  let wish: 'stop' | 'kill' | undefined;
  let spokeAt: number | undefined;
  let address: string | undefined;

  const followWish = (container: EngineContainer) => {
    if (wish) container[wish]();
  };
  const want = (how: 'stop' | 'kill') => {
    wish = how;
    for (const container of running.values()) followWish(container);
  };
  const stop = () => {
    if (wish) return;
    want('stop');
    const patience = Math.max(...order.containers.map((container) => container.stopTimeout)) * 1_000;
    clock.after(Math.max(patience, LEAST_STOP * clock.scale), () => want('kill'));
  };

  const start = async (container: ContainerOrder): Promise<TaskEnd | undefined> => {
    const failed = (error: string, cause: unknown): TaskEnd => ({
      kind: 'cannot-start',
      container: container.name,
      reason: `${error}: ${messageOf(cause)}`,
    });
    let image: string;
    try {
      image = await load(container.content);
    } catch (cause) {
      return failed('CannotPullContainerError: failed to load the image', cause);
    }
    if (wish) return undefined;
    try {
      const made = await createContainer(engine, {
        world: name,
        name: `${name}-${order.task}-${container.name}`,
        image,
        region: order.region,
        place: await placeOf(),
        order: { ...container, log: (line) => speak(container, line) },
      });
      running.set(container, made);
      if (wish) return undefined;
      await made.start();
      started.add(made);
      followWish(made);
      address ??= await made.address();
    } catch (cause) {
      return failed('CannotStartContainerError: failed to start the container', cause);
    }
    return undefined;
  };
  /** The containers of a task share its address, and one another's loopback: that of the first that was started. */
  const placeOf = async (): Promise<ContainerPlace> => {
    const [first] = running.values();
    if (first) return { kind: 'beside', container: first.id };
    const { id, ownAddresses } = await network(order);
    return { kind: 'network', network: id, address: ownAddresses ? order.address : undefined };
  };

  const hasEnded = async (container: ContainerOrder | undefined): Promise<boolean> => {
    const made = container && running.get(container);
    return made !== undefined && started.has(made) && !(await made.isRunning());
  };

  const watch = async (container: ContainerOrder, made: EngineContainer) => {
    exits[container.name] = await made.end;
    if (container.essential) stop();
  };

  const live = async (): Promise<TaskEnd> => {
    // An essential one first: it has the network, and what would lose it by its end ends with the task anyway.
    const inOrder = order.containers.toSorted((a, b) => Number(b.essential) - Number(a.essential));
    const ends: Promise<void>[] = [];
    for (const container of inOrder) {
      if (wish) break;
      const failure = await start(container);
      const made = running.get(container);
      if (made && started.has(made)) ends.push(watch(container, made));
      if (!failure) continue;
      if (await hasEnded(inOrder[0])) break; // the one that has the network, and so the task
      stop();
      await Promise.all(ends);
      return failure;
    }
    const ended = Promise.all(ends);
    await Promise.race([listening(served(), LONGEST_START, () => wish !== undefined || isUp()), ended]);
    if (!wish) listener.started();
    await ended;
    return { kind: 'exited', exits };
  };

  const speak = (container: ContainerOrder, line: string) => {
    spokeAt ??= performance.now();
    container.log(line);
  };
  const isUp = () => spokeAt !== undefined && performance.now() - spokeAt > LONGEST_AFTER_WORDS;

  /** Where a task of a service is to listen. */
  const served = () =>
    order.service === '' || address === undefined
      ? []
      : order.containers.flatMap(({ ports: [port] }) =>
          port === undefined ? [] : [{ host: address ?? '', port }],
        );

  const over = live()
    .catch(
      (cause: unknown): TaskEnd => ({
        kind: 'cannot-start',
        container: '',
        reason: `CannotStartContainerError: ${messageOf(cause)}`,
      }),
    )
    .then(async (end) => {
      wish = 'kill';
      // Before anybody hears of the end: the address is free again from then on. A container that stays, which the engine
      // then refuses an address for, goes with the world (`docker-belongings.ts`).
      await Promise.all([...running.values()].map((container) => container.remove().catch(() => undefined)));
      address = undefined;
      listener.ended(end);
    });

  return {
    stop,
    over,
    kill: async () => {
      want('kill');
      await over;
    },
    probe: async ({ port, path, timeoutSeconds }) => {
      if (address === undefined) return { kind: 'refused' };
      const milliseconds = Math.max((timeoutSeconds * 1_000) / clock.scale, LEAST_ANSWER);
      return probeAt({ host: address, port }, path, milliseconds);
    },
    checkContainer: async (container, check) => {
      const found = [...running].find(([one]) => one.name === container)?.[1];
      if (!found || wish) return false;
      return found.check(check, Math.max((check.timeoutSeconds * 1_000) / clock.scale, LEAST_CHECK));
    },
    anomalous: () => false,
    reach: (port) => (address === undefined ? undefined : { kind: 'address', host: address, port }),
  };
}

const messageOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause));
