import { createHash } from 'node:crypto';
import type { Task as DescribedTask } from '@aws-sdk/client-ecs';
import type { ServiceState, Task, TaskContainer } from './state.ts';
import type { TaskDefinitionRecord } from './store.ts';

export function taskArn(service: ServiceState, task: Task): string {
  return `${service.arn.split(':service/')[0]}:task/${service.cluster}/${task.id}`;
}

/** A task as DescribeTasks answers it, without its tags. */
export function describeTask(
  service: ServiceState,
  task: Task,
  definition: TaskDefinitionRecord | undefined,
): DescribedTask {
  const arn = taskArn(service, task);
  const revision = service.revisions.find((one) => one.id === task.revision);
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
    clusterArn: service.clusterArn,
    taskDefinitionArn: revision?.taskDefinition,
    group: `service:${service.name}`,
    startedBy: task.deployment,
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    launchType: 'FARGATE',
    platformVersion: revision?.platformVersion,
    platformFamily: 'Linux',
    availabilityZone: task.subnet.zone,
    cpu: definition?.content.cpu,
    memory: definition?.content.memory,
    healthStatus: 'UNKNOWN',
    connectivity: task.startedAt === undefined ? 'DISCONNECTED' : 'CONNECTED',
    enableExecuteCommand: service.settings.enableExecuteCommand,
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
      containerOverrides: task.containers.map(({ name }) => ({ name })),
      inferenceAcceleratorOverrides: [],
    },
    ephemeralStorage: { sizeInGiB: definition?.content.ephemeralStorage?.sizeInGiB ?? 20 },
    version: 1,
  };
}

function attachment(task: Task) {
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

function describeContainer(container: TaskContainer, task: Task, arn: string) {
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
    healthStatus: 'UNKNOWN' as const,
  };
}

function architecture(definition: TaskDefinitionRecord | undefined): string {
  return definition?.content.runtimePlatform?.cpuArchitecture === 'ARM64' ? 'arm64' : 'x86_64';
}
