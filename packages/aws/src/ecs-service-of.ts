import type { Deployment, Service as DescribedService } from '@aws-sdk/client-ecs';
import type { RolloutEntry, Service } from '@tenant-delivery/deployment/observed';
import { required } from './translate.ts';

/** A described service in our words. ECS leaves the controller out where it is ECS itself, and the strategy where it rolls. */
export function serviceOf(described: DescribedService): Service {
  const configuration = described.deploymentConfiguration;
  const breaker = configuration?.deploymentCircuitBreaker;
  return {
    arn: required(described.serviceArn, 'services[0].serviceArn'),
    clusterArn: required(described.clusterArn, 'services[0].clusterArn'),
    status: required(described.status, 'services[0].status'),
    controller: described.deploymentController?.type ?? 'ECS',
    strategy: configuration?.strategy ?? 'ROLLING',
    taskDefinition: required(described.taskDefinition, 'services[0].taskDefinition'),
    desired: required(described.desiredCount, 'services[0].desiredCount'),
    running: required(described.runningCount, 'services[0].runningCount'),
    deployments: required(described.deployments, 'services[0].deployments').map(rolloutOf),
    breaker: { enabled: breaker?.enable ?? false, rollback: breaker?.rollback ?? false },
  };
}

function rolloutOf(deployment: Deployment): RolloutEntry {
  return {
    id: required(deployment.id, 'deployments[].id'),
    primary: deployment.status === 'PRIMARY',
    taskDefinition: required(deployment.taskDefinition, 'deployments[].taskDefinition'),
    rolloutState: deployment.rolloutState,
    createdAt: required(deployment.createdAt, 'deployments[].createdAt').getTime(),
  };
}
