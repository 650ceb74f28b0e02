import type { Task as DescribedTask } from '@aws-sdk/client-ecs';
import type { Task } from '@tenant-delivery/deployment/observed';
import { required } from '../errors/translate.ts';
import { type Told, timeOf } from './ecs-call.ts';

export function taskOf(described: Told<DescribedTask>): Task {
  const networks = described.attachments?.filter(({ type }) => type === 'ElasticNetworkInterface') ?? [];
  const address = networks
    .flatMap(({ details = [] }) => details)
    .find(({ name }) => name === 'privateIPv4Address');
  return {
    arn: required(described.taskArn, 'tasks[].taskArn'),
    taskDefinition: required(described.taskDefinitionArn, 'tasks[].taskDefinitionArn'),
    startedBy: described.startedBy,
    lastStatus: required(described.lastStatus, 'tasks[].lastStatus'),
    zone: described.availabilityZone,
    address: address?.value,
    stopCode: described.stopCode,
    stoppedReason: described.stoppedReason,
    createdAt: timeOf(described.createdAt),
    startedAt: timeOf(described.startedAt),
    stoppedAt: timeOf(described.stoppedAt),
    containers: required(described.containers, 'tasks[].containers').map((container) => ({
      name: required(container.name, 'tasks[].containers[].name'),
      exitCode: container.exitCode,
      reason: container.reason,
      imageDigest: container.imageDigest,
      health: container.healthStatus,
    })),
  };
}
