import { createHash } from 'node:crypto';
import type { Task as DescribedTask, TaskOverride } from '@aws-sdk/client-ecs';
import type { ServiceState } from './state.ts';
import type { TaskDefinitionRecord } from './store.ts';
import type { ContainerHealth, Task, TaskContainer, TaskRun } from './task-state.ts';

export function taskArn({ clusterArn }: { readonly clusterArn: string }, { id }: TaskRun): string {
  return `${clusterArn.replace(':cluster/', ':task/')}/${id}`;
}

/** Who started a task, and how. */
export interface TaskOrigin {
  readonly clusterArn: string;
  readonly taskDefinition: string | undefined;
  readonly group: string;
  readonly startedBy: string;
  readonly platformVersion: string | undefined;
  readonly capacityProvider: string | undefined;
  readonly enableExecuteCommand: boolean;
  readonly overrides: TaskOverride;
}

/** A service's task came from the revision that its deployment runs. */
export function originOf(service: ServiceState, task: Task): TaskOrigin {
  const revision = service.revisions.find((one) => one.id === task.revision);
  return {
    clusterArn: service.clusterArn,
    taskDefinition: revision?.taskDefinition,
    group: `service:${service.name}`,
    startedBy: task.deployment,
    platformVersion: revision?.platformVersion,
    capacityProvider: undefined,
    enableExecuteCommand: service.settings.enableExecuteCommand,
    overrides: {},
  };
}

/** A task as DescribeTasks answers it, without its tags. */
export function describeTask(
  origin: TaskOrigin,
  task: TaskRun,
  definition: TaskDefinitionRecord | undefined,
): DescribedTask {
  const arn = taskArn(origin, task);
  const times = {
    pullStartedAt: task.pullStartedAt,
    pullStoppedAt: task.pullStoppedAt,
    startedAt: task.startedAt,
    stoppingAt: task.stoppingAt,
    executionStoppedAt: task.executionStoppedAt,
    stoppedAt: task.stoppedAt,
  };
  return {
    taskArn: arn,
    clusterArn: origin.clusterArn,
    taskDefinitionArn: origin.taskDefinition,
    group: origin.group,
    ...(origin.startedBy === '' ? {} : { startedBy: origin.startedBy }),
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    launchType: 'FARGATE',
    ...(origin.capacityProvider === undefined ? {} : { capacityProviderName: origin.capacityProvider }),
    platformVersion: origin.platformVersion,
    platformFamily: 'Linux',
    availabilityZone: task.subnet.zone,
    cpu: origin.overrides.cpu ?? definition?.content.cpu,
    memory: origin.overrides.memory ?? definition?.content.memory,
    healthStatus: taskHealth(task, definition),
    connectivity: task.startedAt === undefined ? 'DISCONNECTED' : 'CONNECTED',
    enableExecuteCommand: origin.enableExecuteCommand,
    createdAt: new Date(task.createdAt),
    ...Object.fromEntries(
      Object.entries(times).flatMap(([name, time]) => (time === undefined ? [] : [[name, new Date(time)]])),
    ),
    ...(task.stopCode === undefined ? {} : { stopCode: task.stopCode }),
    ...(task.stoppedReason === undefined ? {} : { stoppedReason: task.stoppedReason }),
    attachments: [attachment(task)],
    attributes: [{ name: 'ecs.cpu-architecture', value: architecture(definition) }],
    containers: task.containers.map((container) => describeContainer(container, task, arn)),
    overrides: {
      ...origin.overrides,
      containerOverrides: task.containers.map(
        ({ name }) => origin.overrides.containerOverrides?.find((one) => one.name === name) ?? { name },
      ),
      inferenceAcceleratorOverrides: [],
    },
    ephemeralStorage: { sizeInGiB: definition?.content.ephemeralStorage?.sizeInGiB ?? 20 },
    version: 1,
  };
}

/** HEALTHY when every essential container with a health check is; UNHEALTHY as soon as one is not. */
function taskHealth(task: TaskRun, definition: TaskDefinitionRecord | undefined): ContainerHealth {
  const checked = (definition?.content.containerDefinitions ?? [])
    .filter(({ essential, healthCheck }) => essential !== false && healthCheck)
    .map(({ name }) => task.containers.find((container) => container.name === name)?.health ?? 'UNKNOWN');
  if (checked.includes('UNHEALTHY')) return 'UNHEALTHY';
  return checked.length > 0 && checked.every((health) => health === 'HEALTHY') ? 'HEALTHY' : 'UNKNOWN';
}

function attachment(task: TaskRun) {
  const status =
    task.lastStatus === 'PROVISIONING'
      ? 'PRECREATED'
      : task.lastStatus === 'STOPPED'
        ? 'DELETED'
        : 'ATTACHED';
  const mac = createHash('sha256').update(task.networkInterface).digest('hex').slice(0, 10);
  return {
    id: task.attachment,
    type: 'ElasticNetworkInterface',
    status,
    details: [
      { name: 'subnetId', value: task.subnet.id },
      { name: 'networkInterfaceId', value: task.networkInterface },
      { name: 'macAddress', value: `02:${mac.match(/../g)?.join(':')}` },
      { name: 'privateDnsName', value: `ip-${task.address.replaceAll('.', '-')}.internal` },
      { name: 'privateIPv4Address', value: task.address },
    ],
  };
}

function describeContainer(container: TaskContainer, task: TaskRun, arn: string) {
  const id = createHash('sha256').update(`${task.id}/${container.name}`).digest('hex');
  return {
    containerArn: `${arn.replace(':task/', ':container/')}/${id.slice(0, 32)}`,
    taskArn: arn,
    name: container.name,
    image: container.image,
    ...(container.digest === undefined
      ? {}
      : { imageDigest: container.digest, runtimeId: `${task.id}-${id.slice(0, 10)}` }),
    lastStatus: container.lastStatus,
    ...(container.exitCode === undefined ? {} : { exitCode: container.exitCode }),
    ...(container.reason === undefined ? {} : { reason: container.reason }),
    networkBindings: [],
    networkInterfaces: [{ attachmentId: task.attachment, privateIpv4Address: task.address }],
    healthStatus: container.health,
  };
}

function architecture(definition: TaskDefinitionRecord | undefined): string {
  return definition?.content.runtimePlatform?.cpuArchitecture === 'ARM64' ? 'arm64' : 'x86_64';
}
