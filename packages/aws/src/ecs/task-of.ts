import type { Task as DescribedTask } from '@aws-sdk/client-ecs';
import type { Task } from '@tenant-delivery/deployment/observed';
import { required } from '../errors/translate.ts';

export function taskOf(described: DescribedTask): Task {
  return {
    arn: required(described.taskArn, 'tasks[].taskArn'),
    taskDefinition: required(described.taskDefinitionArn, 'tasks[].taskDefinitionArn'),
    startedBy: described.startedBy,
    lastStatus: required(described.lastStatus, 'tasks[].lastStatus'),
    zone: described.availabilityZone,
    address: addressOf(described),
    stopCode: described.stopCode,
    stoppedReason: described.stoppedReason,
    createdAt: described.createdAt?.getTime(),
    startedAt: described.startedAt?.getTime(),
    stoppedAt: described.stoppedAt?.getTime(),
    containers: required(described.containers, 'tasks[].containers').map((container) => ({
      name: required(container.name, 'tasks[].containers[].name'),
      exitCode: container.exitCode,
      reason: container.reason,
      imageDigest: container.imageDigest,
      health: container.healthStatus,
    })),
  };
}

/** Of a task in the network mode awsvpc. */
export function addressOf({ attachments = [] }: DescribedTask): string | undefined {
  const networks = attachments.filter(({ type }) => type === 'ElasticNetworkInterface');
  const details = networks.flatMap((one) => one.details ?? []);
  return details.find(({ name }) => name === 'privateIPv4Address')?.value;
}
