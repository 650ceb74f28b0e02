import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import { imageSource } from '../registry/runnable-image.ts';
import { imageSourceOf, type RunnableImage } from '../runtimes/image-source.ts';
import { runtimeOf } from '../runtimes/of-world.ts';
import type { ContainerOrder, RunningTask, TaskListener } from '../runtimes/runtime.ts';
import { logsOf, seedLogGroup } from '../services/logs.ts';
import type { World } from '../world/world.ts';
import type { ServiceKey } from './engine.ts';
import type { TaskEnd } from './happening.ts';
import type { ServiceState, Task } from './state.ts';
import { ecsStore, findTaskDefinition, type TaskDefinitionRecord } from './store.ts';

export interface StartedTask {
  stop(): void;
}

interface StartListener extends TaskListener {
  pulled(digests: Readonly<Record<string, string>>): void;
  reachable(by: RunningTask): void;
}

/** What the agent does with a task: log streams, images, then its containers. */
export function startTask(
  world: World,
  key: ServiceKey,
  service: ServiceState,
  task: Task,
  listener: StartListener,
): StartedTask {
  let running: RunningTask | undefined;
  let stopped = false;
  const begin = async (): Promise<void> => {
    const prepared = await prepare(world, key, service, task);
    if (stopped) return listener.ended({ kind: 'exited', exits: {} });
    if (prepared.kind === 'cannot-start') return listener.ended(prepared);
    listener.pulled(prepared.digests);
    const order = {
      account: key.account,
      region: key.region,
      task: task.id,
      family: prepared.family,
      service: service.name,
      address: task.address,
      containers: prepared.containers,
    };
    running = runtimeOf(world).run(order, listener);
    listener.reachable(running);
    if (stopped) running.stop();
  };
  void begin();
  return {
    stop: () => {
      stopped = true;
      running?.stop();
    },
  };
}

type Prepared =
  | {
      readonly kind: 'prepared';
      readonly family: string;
      readonly containers: readonly ContainerOrder[];
      readonly digests: Readonly<Record<string, string>>;
    }
  | Extract<TaskEnd, { kind: 'cannot-start' }>;

async function prepare(world: World, key: ServiceKey, service: ServiceState, task: Task): Promise<Prepared> {
  const revision = service.revisions.find((one) => one.id === task.revision);
  const record = findTaskDefinition(ecsStore(world, key.account, key.region), revision?.taskDefinition ?? '');
  const containers: ContainerOrder[] = [];
  for (const definition of record?.content.containerDefinitions ?? []) {
    const name = definition.name ?? '';
    const log = openLog(world, key, task, definition);
    if (typeof log === 'string') return { kind: 'cannot-start', container: name, reason: log };
    const image = await pull(world, key, record, pinned(definition.image ?? '', revision?.digests[name]));
    if (typeof image === 'string') return { kind: 'cannot-start', container: name, reason: image };
    containers.push(orderOf(definition, image, log));
  }
  const digests = Object.fromEntries(containers.map(({ name, content }) => [name, content.digest]));
  return { kind: 'prepared', family: record?.family ?? '', containers, digests };
}

/** A tag is resolved once per revision; every later task runs the same image ("Container image resolution"). */
function pinned(reference: string, digest: string | undefined): string {
  if (digest === undefined || reference.includes('@')) return reference;
  return `${reference.replace(/:[^:/]+$/, '')}@${digest}`;
}

function orderOf(
  definition: ContainerDefinition,
  content: RunnableImage,
  log: (line: string) => void,
): ContainerOrder {
  const pairs = (definition.environment ?? []).map(({ name, value }) => [name ?? '', value ?? '']);
  return {
    name: definition.name ?? '',
    image: definition.image ?? '',
    content,
    essential: definition.essential ?? true,
    entryPoint: definition.entryPoint,
    command: definition.command,
    environment: Object.fromEntries(pairs),
    workingDirectory: definition.workingDirectory,
    ports: (definition.portMappings ?? []).flatMap(({ containerPort }) => containerPort ?? []),
    stopTimeout: definition.stopTimeout ?? 30,
    log,
  };
}

/** The log function of a container, or why its log driver can't start. */
function openLog(
  world: World,
  { account, region }: ServiceKey,
  task: Task,
  { name, logConfiguration }: ContainerDefinition,
): ((line: string) => void) | string {
  if (!logConfiguration) return () => undefined;
  const options = logConfiguration.options ?? {};
  const group = options['awslogs-group'] ?? '';
  const stream = `${options['awslogs-stream-prefix'] ?? 'ecs'}/${name}/${task.id}`;
  if (options['awslogs-create-group'] === 'true') seedLogGroup(world, account, region, { name: group });
  const logs = logsOf(world, account, region);
  if (logs.openStream(group, stream)) return (line) => logs.put(group, stream, line);
  return 'ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist.';
}

async function pull(
  world: World,
  { account, region }: ServiceKey,
  record: TaskDefinitionRecord | undefined,
  reference: string,
): Promise<RunnableImage | string> {
  const { operatingSystemFamily = 'LINUX', cpuArchitecture = 'X86_64' } =
    record?.content.runtimePlatform ?? {};
  const platform = {
    os: operatingSystemFamily.toLowerCase(),
    architecture: cpuArchitecture === 'ARM64' ? 'arm64' : 'amd64',
  };
  const source = imageSourceOf(world) ?? imageSource(world);
  const image = await source.resolve(account, region, reference, platform);
  const retried = 'CannotPullContainerError: pull image manifest has been retried 1 time(s):';
  if (image === 'not-found') return `${retried} failed to resolve ref ${reference}: ${reference}: not found`;
  if (image === 'no-matching-platform') {
    const wanted = `${platform.os}/${platform.architecture}`;
    return `${retried} image Manifest does not contain descriptor matching platform '${wanted}'`;
  }
  return image;
}
