import type {
  ServiceDeployment as DescribedDeployment,
  ServiceRevision as DescribedRevision,
  ServiceDeploymentBrief as ListedDeployment,
} from '@aws-sdk/client-ecs';
import type {
  ServiceDeployment,
  ServiceDeploymentBrief,
  ServiceRevision,
} from '@tenant-delivery/deployment/observed';
import { required } from './translate.ts';

export function briefOf(listed: ListedDeployment): ServiceDeploymentBrief {
  return {
    arn: required(listed.serviceDeploymentArn, 'serviceDeployments[].serviceDeploymentArn'),
    targetRevision: required(
      listed.targetServiceRevisionArn,
      'serviceDeployments[].targetServiceRevisionArn',
    ),
    createdAt: required(listed.createdAt, 'serviceDeployments[].createdAt').getTime(),
    status: required(listed.status, 'serviceDeployments[].status'),
  };
}

export function deploymentOf(described: DescribedDeployment): ServiceDeployment {
  const target = required(described.targetServiceRevision, 'serviceDeployments[0].targetServiceRevision');
  const breaker = described.deploymentCircuitBreaker;
  const { rollback } = described;
  return {
    arn: required(described.serviceDeploymentArn, 'serviceDeployments[0].serviceDeploymentArn'),
    targetRevision: required(target.arn, 'serviceDeployments[0].targetServiceRevision.arn'),
    status: required(described.status, 'serviceDeployments[0].status'),
    reason: described.statusReason,
    tasks: {
      requested: target.requestedTaskCount ?? 0,
      running: target.runningTaskCount ?? 0,
      pending: target.pendingTaskCount ?? 0,
    },
    breaker:
      breaker?.threshold === undefined
        ? undefined
        : { status: breaker.status ?? '', failures: breaker.failureCount ?? 0, threshold: breaker.threshold },
    alarms: described.alarms?.triggeredAlarmNames ?? [],
    rollback: rollback && { reason: rollback.reason, revision: rollback.serviceRevisionArn },
  };
}

export function revisionOf(described: DescribedRevision): ServiceRevision {
  const resolved = described.resolvedConfiguration?.loadBalancers ?? [];
  return {
    arn: required(described.serviceRevisionArn, 'serviceRevisions[0].serviceRevisionArn'),
    taskDefinition: required(described.taskDefinition, 'serviceRevisions[0].taskDefinition'),
    targetGroups: resolved.map(({ targetGroupArn }) =>
      required(targetGroupArn, 'serviceRevisions[0].resolvedConfiguration.loadBalancers[].targetGroupArn'),
    ),
  };
}
