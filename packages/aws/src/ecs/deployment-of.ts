import type {
  ServiceRevisionSummary as DescribedCounts,
  ServiceDeployment as DescribedDeployment,
  DeploymentLifecycleHookDetail as DescribedHook,
  ServiceRevision as DescribedRevision,
  ServiceDeploymentBrief as ListedDeployment,
} from '@aws-sdk/client-ecs';
import type {
  LifecycleHook,
  ServiceDeployment,
  ServiceDeploymentBrief,
  ServiceRevision,
  TaskCounts,
} from '@tenant-delivery/deployment/observed';
import { rolling } from '@tenant-delivery/deployment/strategies/rolling';
import type { Json } from '@tenant-delivery/domain';
import { required } from '../errors/translate.ts';

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
  const { rollback, deploymentConfiguration: configuration } = described;
  return {
    arn: required(described.serviceDeploymentArn, 'serviceDeployments[0].serviceDeploymentArn'),
    targetRevision: required(target.arn, 'serviceDeployments[0].targetServiceRevision.arn'),
    status: required(described.status, 'serviceDeployments[0].status'),
    reason: described.statusReason,
    strategy: configuration?.strategy ?? rolling.name,
    configuration: configuration as ServiceDeployment['configuration'], // JSON as it is: no member of it is a date
    stage: described.lifecycleStage,
    productionWeight: target.requestedProductionTrafficWeight,
    testWeight: target.requestedTestTrafficWeight,
    hooks: (described.lifecycleHookDetails ?? []).map(hookOf),
    tasks: countsOf(target),
    sources: (described.sourceServiceRevisions ?? []).map((source) => ({
      revision: required(source.arn, 'serviceDeployments[0].sourceServiceRevisions[].arn'),
      tasks: countsOf(source),
    })),
    createdAt: required(described.createdAt, 'serviceDeployments[0].createdAt').getTime(),
    finishedAt: described.finishedAt?.getTime(),
    breaker:
      breaker?.threshold === undefined
        ? undefined
        : { status: breaker.status ?? '', failures: breaker.failureCount ?? 0, threshold: breaker.threshold },
    alarms: described.alarms?.triggeredAlarmNames ?? [],
    rollback: rollback && { reason: rollback.reason, revision: rollback.serviceRevisionArn },
  };
}

function countsOf(revision: DescribedCounts): TaskCounts {
  return {
    requested: revision.requestedTaskCount ?? 0,
    running: revision.runningTaskCount ?? 0,
    pending: revision.pendingTaskCount ?? 0,
  };
}

function hookOf(hook: DescribedHook): LifecycleHook {
  return {
    id: hook.hookId ?? '',
    status: hook.status ?? '',
    expiresAt: hook.expiresAt?.getTime(),
    timeoutAction: hook.timeoutAction,
  };
}

/** A described revision in our words, with `document`, the JSON that it was read from. */
export function revisionOf(
  described: DescribedRevision,
  document: { readonly [member: string]: Json },
): ServiceRevision {
  const resolved = described.resolvedConfiguration?.loadBalancers ?? [];
  return {
    arn: required(described.serviceRevisionArn, 'serviceRevisions[0].serviceRevisionArn'),
    taskDefinition: required(described.taskDefinition, 'serviceRevisions[0].taskDefinition'),
    images: (described.containerImages ?? []).map((image) => ({
      container: image.containerName ?? '',
      image: image.image ?? '',
      digest: image.imageDigest,
    })),
    document,
    targetGroups: resolved.map(({ targetGroupArn }) =>
      required(targetGroupArn, 'serviceRevisions[0].resolvedConfiguration.loadBalancers[].targetGroupArn'),
    ),
  };
}
