import type {
  Deployment,
  ServiceEvent as DescribedEvent,
  Service as DescribedService,
} from '@aws-sdk/client-ecs';
import type { RolloutEntry, Service, ServiceEvent } from '@tenant-delivery/deployment/observed';
import { rolling } from '@tenant-delivery/deployment/strategies/rolling';
import type { Json } from '@tenant-delivery/domain';
import { required } from '../errors/translate.ts';

/** A described service in our words, with `document`, the JSON that it was read from. ECS leaves the controller out where it is ECS itself, and the strategy where it rolls. */
export function serviceOf(
  described: DescribedService,
  document: { readonly [member: string]: Json },
): Service {
  const configuration = described.deploymentConfiguration;
  const breaker = configuration?.deploymentCircuitBreaker;
  return {
    arn: required(described.serviceArn, 'services[0].serviceArn'),
    clusterArn: required(described.clusterArn, 'services[0].clusterArn'),
    status: required(described.status, 'services[0].status'),
    controller: described.deploymentController?.type ?? 'ECS',
    strategy: configuration?.strategy ?? rolling.name,
    taskDefinition: required(described.taskDefinition, 'services[0].taskDefinition'),
    desired: required(described.desiredCount, 'services[0].desiredCount'),
    running: required(described.runningCount, 'services[0].runningCount'),
    deployments: required(described.deployments, 'services[0].deployments').map(rolloutOf),
    events: (described.events ?? []).map(eventOf),
    document,
    breaker: { enabled: breaker?.enable ?? false, rollback: breaker?.rollback ?? false },
  };
}

function eventOf(event: DescribedEvent): ServiceEvent {
  return {
    id: required(event.id, 'services[0].events[].id'),
    at: required(event.createdAt, 'services[0].events[].createdAt').getTime(),
    message: event.message ?? '',
  };
}

function rolloutOf(deployment: Deployment): RolloutEntry {
  return {
    id: required(deployment.id, 'deployments[].id'),
    primary: deployment.status === 'PRIMARY',
    taskDefinition: required(deployment.taskDefinition, 'deployments[].taskDefinition'),
    rolloutState: deployment.rolloutState,
    createdAt: required(deployment.createdAt, 'deployments[].createdAt').getTime(),
    reason: deployment.rolloutStateReason,
    tasks: {
      requested: deployment.desiredCount ?? 0,
      running: deployment.runningCount ?? 0,
      pending: deployment.pendingCount ?? 0,
    },
    failedTasks: deployment.failedTasks,
  };
}
