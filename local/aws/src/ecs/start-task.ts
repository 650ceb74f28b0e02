import type { ContainerDefinition, TaskOverride } from '@aws-sdk/client-ecs';
import { imageSource } from '../registry/runnable-image.ts';
import { imageSourceOf, type RunnableImage } from '../runtimes/image-source.ts';
import { runtimeOf } from '../runtimes/of-world.ts';
import type { ContainerOrder, RunningTask, TaskListener } from '../runtimes/runtime.ts';
import { logsOf, seedLogGroup } from '../services/logs.ts';
import type { World } from '../world/world.ts';
import { healthCheckOf, watchContainers } from './container-health.ts';
import type { TaskEnd } from './happening.ts';
import type { TaskDefinitionRecord } from './store.ts';
import { secretEnvironment } from './task-secrets.ts';
import type { ContainerHealth, TaskRun } from './task-state.ts';

/** What is to be started, and for whom. */
export interface TaskPlan {
  readonly account: string;
  readonly region: string;
  readonly task: TaskRun;
  readonly definition: TaskDefinitionRecord | undefined;
  /** What tags were resolved to before, by container. */
  readonly digests: Readonly<Record<string, string>>;
  /** Empty for a task that no service started. */
  readonly service: string;
  readonly group: string;
  readonly startedBy: string;
  readonly overrides: TaskOverride;
}

export interface StartedTask {
  stop(): void;
}

export interface StartListener extends TaskListener {
  /** `checked`: the essential containers that have a health check of their own. */
  pulled(digests: Readonly<Record<string, string>>, checked: readonly string[]): void;
  /** The health of a container has changed, as its own check says. */
  containerHealth(container: string, health: ContainerHealth): void;
  reachable(by: RunningTask): void;
}

/** What the agent does with a task: secrets, log streams, images, then its containers. */
export function startTask(world: World, plan: TaskPlan, listener: StartListener): StartedTask {
  let running: RunningTask | undefined;
  let stopped = false;
  const begin = async (): Promise<void> => {
    const prepared = await prepare(world, plan);
    if (stopped) return listener.ended({ kind: 'exited', exits: {} });
    if (prepared.kind === 'cannot-start') return listener.ended(prepared);
    const checked = prepared.containers.filter(({ essential, healthCheck }) => essential && healthCheck);
    listener.pulled(
      prepared.digests,
      checked.map(({ name }) => name),
    );
    const order = {
      account: plan.account,
      region: plan.region,
      task: plan.task.id,
      family: plan.definition?.family ?? '',
      service: plan.service,
      group: plan.group,
      startedBy: plan.startedBy,
      address: plan.task.address,
      subnet: plan.task.subnet,
      containers: prepared.containers,
    };
    let watching = () => {};
    const task = runtimeOf(world).run(order, {
      interrupted: (stop) => listener.interrupted(stop),
      started: () => {
        listener.started();
        watching = watchContainers(world.clock, prepared.containers, task, listener.containerHealth);
      },
      ended: (end) => {
        watching();
        listener.ended(end);
      },
    });
    running = task;
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
      readonly containers: readonly ContainerOrder[];
      readonly digests: Readonly<Record<string, string>>;
    }
  | Extract<TaskEnd, { kind: 'cannot-start' }>;

async function prepare(world: World, plan: TaskPlan): Promise<Prepared> {
  const { account, region, task, definition: record, digests: resolved, overrides } = plan;
  const executionRoleArn = overrides.executionRoleArn ?? record?.content.executionRoleArn;
  const reader = { account, region, task: task.id, executionRoleArn };
  const containers: ContainerOrder[] = [];
  for (const original of record?.content.containerDefinitions ?? []) {
    const definition = overridden(original, overrides);
    const name = definition.name ?? '';
    const secrets = secretEnvironment(world, reader, definition);
    if (typeof secrets === 'string') return { kind: 'cannot-start', container: '', reason: secrets };
    const log = openLog(world, plan, definition);
    if (typeof log === 'string') return { kind: 'cannot-start', container: '', reason: log };
    const image = await pull(world, plan, pinned(definition.image ?? '', resolved[name]));
    if (typeof image === 'string') return { kind: 'cannot-start', container: name, reason: image };
    containers.push(orderOf(definition, image, secrets, log, memoryOf(definition, record?.content.memory)));
  }
  const digests = Object.fromEntries(containers.map(({ name, content }) => [name, content.digest]));
  return { kind: 'prepared', containers, digests };
}

/** An override's command takes the place of the definition's, its variables are added. */
function overridden(
  definition: ContainerDefinition,
  { containerOverrides }: TaskOverride,
): ContainerDefinition {
  const override = containerOverrides?.find(({ name }) => name === definition.name);
  if (!override) return definition;
  return {
    ...definition,
    command: override.command ?? definition.command,
    environment: [...(definition.environment ?? []), ...(override.environment ?? [])],
  };
}

/** A tag is resolved once per revision; every later task runs the same image ("Container image resolution"). */
function pinned(reference: string, digest: string | undefined): string {
  if (digest === undefined || reference.includes('@')) return reference;
  return `${reference.replace(/:[^:/]+$/, '')}@${digest}`;
}

function orderOf(
  definition: ContainerDefinition,
  content: RunnableImage,
  secrets: Readonly<Record<string, string>>,
  log: (line: string) => void,
  memory: number | undefined,
): ContainerOrder {
  const pairs = (definition.environment ?? []).map(({ name, value }) => [name ?? '', value ?? '']);
  return {
    name: definition.name ?? '',
    image: definition.image ?? '',
    content,
    essential: definition.essential ?? true,
    entryPoint: definition.entryPoint,
    command: definition.command,
    environment: { ...Object.fromEntries(pairs), ...secrets },
    workingDirectory: definition.workingDirectory,
    ports: (definition.portMappings ?? []).flatMap(({ containerPort }) => containerPort ?? []),
    memory,
    stopTimeout: definition.stopTimeout ?? 30,
    healthCheck: healthCheckOf(definition),
    log,
  };
}

/** A container's hard limit, which the task's own one bounds. */
function memoryOf({ memory }: ContainerDefinition, ofTask: string | undefined): number | undefined {
  const limits = [memory, ofTask === undefined ? undefined : Number(ofTask)].filter(Boolean);
  return limits.length === 0 ? undefined : Math.min(...limits.map(Number));
}

/** The log function of a container, or why its log driver can't start. */
function openLog(
  world: World,
  { account, region, task }: TaskPlan,
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
  { account, region, definition }: TaskPlan,
  reference: string,
): Promise<RunnableImage | string> {
  const { operatingSystemFamily = 'LINUX', cpuArchitecture = 'X86_64' } =
    definition?.content.runtimePlatform ?? {};
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
