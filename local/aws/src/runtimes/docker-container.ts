import { PassThrough, type Readable } from 'node:stream';
import { LABEL } from './docker-belongings.ts';
import { type DockerEngine, EngineError } from './docker-engine.ts';
import { onLines } from './lines.ts';
import type { ContainerHealthCheck, ContainerOrder } from './runtime.ts';

/** Where a container runs: in a network with its own address, or beside another container of its task. */
export type ContainerPlace =
  | { readonly kind: 'network'; readonly network: string; readonly address: string | undefined }
  | { readonly kind: 'beside'; readonly container: string };

export interface ContainerPlan {
  /** Of the world that owns it. */
  readonly world: string;
  readonly name: string;
  readonly image: string;
  readonly region: string;
  readonly place: ContainerPlace;
  readonly order: ContainerOrder;
}

export interface ContainerEnd {
  readonly exitCode: number;
  readonly reason?: string;
}

/** One container of a task at an engine. */
export interface EngineContainer {
  readonly id: string;
  /** Throws what the engine says where it can't be started. */
  start(): Promise<void>;
  isRunning(): Promise<boolean>;
  /** Its own address; undefined for one that has none. */
  address(): Promise<string | undefined>;
  /** Ends when it has ended and its output is read. Never throws. */
  readonly end: Promise<ContainerEnd>;
  /** Asks it to end, with the signal that its image wants, SIGTERM if none. */
  stop(): void;
  kill(): void;
  /** Runs a program beside it; whether that ended with 0 in so many real milliseconds. */
  check(check: ContainerHealthCheck, milliseconds: number): Promise<boolean>;
  remove(): Promise<void>;
}

/** Its memory had a limit, and it wanted more ("Stopped tasks error codes", Amazon ECS developer guide). */
const OUT_OF_MEMORY = 'OutOfMemoryError: Container killed due to memory usage';
const KILLED = 137;

export async function createContainer(engine: DockerEngine, plan: ContainerPlan): Promise<EngineContainer> {
  const created = await engine.call(
    'POST',
    `/containers/create?name=${encodeURIComponent(plan.name)}`,
    creationOf(plan),
  );
  const id = String(Reflect.get(Object(created), 'Id'));
  const at = `/containers/${id}`;
  const ended = Promise.withResolvers<ContainerEnd>();
  const inspected = async () => Object(await engine.call('GET', `${at}/json`)) as InspectedContainer; // each member may be absent
  /** A container that is gone already has done what was asked for. */
  const tell = (path: string) =>
    void engine.follow('POST', `${at}/${path}`).then(
      (answer) => void answer.resume(),
      () => undefined,
    );
  return {
    id,
    end: ended.promise,
    start: async () => {
      await engine.call('POST', `${at}/start`);
      const read = readLog(engine, at, plan.order.log);
      void endOf(engine, at, read, inspected).then(ended.resolve);
    },
    isRunning: async () => (await inspected()).State?.Running === true,
    address: async () => {
      const networks = Object.values((await inspected()).NetworkSettings?.Networks ?? {});
      return networks.map(({ IPAddress }) => IPAddress).find(Boolean);
    },
    stop: () => tell('stop?t=-1'), // no SIGKILL of the engine's: its time is not the world's
    kill: () => tell('kill?signal=SIGKILL'),
    check: (check, milliseconds) => checkInside(engine, at, check, milliseconds),
    remove: async () => {
      await engine.call('DELETE', `${at}?force=1&v=1`).catch((cause: unknown) => {
        if (!(cause instanceof EngineError) || ![404, 409].includes(cause.status)) throw cause;
      });
    },
  };
}

interface InspectedContainer {
  readonly State?: { readonly Running?: boolean; readonly OOMKilled?: boolean; readonly ExitCode?: number };
  readonly NetworkSettings?: {
    readonly Networks?: Readonly<Record<string, { readonly IPAddress?: string }>>;
  };
}

function creationOf({ world, image, region, place, order }: ContainerPlan): object {
  const { entryPoint, command, workingDirectory, memory } = order;
  const env = {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE',
    ...order.environment,
  };
  const bytes = memory === undefined ? undefined : memory * 1024 * 1024;
  const { network, address } =
    place.kind === 'network' ? place : { network: `container:${place.container}`, address: undefined };
  return {
    Image: image,
    Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
    ...(entryPoint === undefined ? {} : { Entrypoint: entryPoint }),
    ...(command === undefined ? {} : { Cmd: command }),
    ...(workingDirectory === undefined ? {} : { WorkingDir: workingDirectory }),
    Labels: { [LABEL]: world },
    Healthcheck: { Test: ['NONE'] }, // ECS looks at the task definition's check alone, never at the image's
    HostConfig: {
      NetworkMode: network,
      LogConfig: { Type: 'json-file' },
      ...(bytes === undefined ? {} : { Memory: bytes, MemorySwap: bytes }),
    },
    ...(address === undefined
      ? {}
      : { NetworkingConfig: { EndpointsConfig: { [network]: { IPAMConfig: { IPv4Address: address } } } } }),
  };
}

async function endOf(
  engine: DockerEngine,
  at: string,
  read: Promise<void>,
  inspected: () => Promise<InspectedContainer>,
): Promise<ContainerEnd> {
  try {
    const waiting = await engine.follow('POST', `${at}/wait`);
    for await (const _ of waiting); // the answer comes when the container has ended
    await read;
    const { State = {} } = await inspected();
    const exitCode = State.ExitCode ?? KILLED;
    return State.OOMKilled ? { exitCode, reason: OUT_OF_MEMORY } : { exitCode };
  } catch {
    return { exitCode: KILLED }; // it was removed under us, or the engine is gone
  }
}

async function readLog(engine: DockerEngine, at: string, take: (line: string) => void): Promise<void> {
  try {
    await readFrames(await engine.follow('GET', `${at}/logs?follow=1&stdout=1&stderr=1`), take);
  } catch {
    // what could be read of it has been
  }
}

/** Frames of output: stream type, three zeros, length, bytes ("Attach to a container", Docker Engine API). */
async function readFrames(from: Readable, take: (line: string) => void): Promise<void> {
  const streams = [new PassThrough(), new PassThrough()] as const;
  for (const stream of streams) onLines(stream, take);
  let rest = Buffer.alloc(0);
  for await (const chunk of from) {
    rest = Buffer.concat([rest, chunk as Buffer]); // no encoding is set: bytes
    while (rest.length >= 8) {
      const end = 8 + rest.readUInt32BE(4);
      if (rest.length < end) break;
      streams[rest[0] === 2 ? 1 : 0].write(rest.subarray(8, end));
      rest = rest.subarray(end);
    }
  }
  await Promise.all(
    streams.map((stream) => new Promise<void>((resolve) => void stream.once('end', resolve).end())),
  );
}

async function checkInside(
  engine: DockerEngine,
  at: string,
  { command: [kind, ...rest] }: ContainerHealthCheck,
  milliseconds: number,
): Promise<boolean> {
  try {
    const Cmd = kind === 'CMD-SHELL' ? ['/bin/sh', '-c', ...rest] : rest;
    const made = await engine.call('POST', `${at}/exec`, { Cmd, AttachStdout: true, AttachStderr: true });
    const exec = `/exec/${String(Reflect.get(Object(made), 'Id'))}`;
    const signal = AbortSignal.timeout(milliseconds);
    for await (const _ of await engine.follow('POST', `${exec}/start`, { Detach: false }, signal));
    return Reflect.get(Object(await engine.call('GET', `${exec}/json`)), 'ExitCode') === 0;
  } catch {
    return false; // it took too long, or there is nothing left to check
  }
}
