import type { ServiceDeployment, ServiceDeploymentBrief, ServiceRevision } from '@aws-sdk/client-ecs';
import { describeNetwork } from './describe-network.ts';
import { describeConfiguration, requested, revisionArn } from './describe-service.ts';
import { isOver, OPEN } from './draft.ts';
import type { ServiceDeployment as DeploymentState, HookState, Revision, ServiceState } from './state.ts';
import { pending, running } from './task-counts.ts';

export function briefDeployment(service: ServiceState, one: DeploymentState): ServiceDeploymentBrief {
  return {
    serviceDeploymentArn: one.arn,
    serviceArn: service.arn,
    clusterArn: service.clusterArn,
    createdAt: new Date(one.createdAt),
    ...dates({ startedAt: one.startedAt, finishedAt: one.finishedAt }),
    targetServiceRevisionArn: revisionArn(service, one.revision),
    status: one.status,
    ...(one.statusReason === undefined ? {} : { statusReason: one.statusReason }),
  };
}

export function describeServiceDeployment(service: ServiceState, one: DeploymentState): ServiceDeployment {
  return {
    serviceDeploymentArn: one.arn,
    serviceArn: service.arn,
    clusterArn: service.clusterArn,
    createdAt: new Date(one.createdAt),
    updatedAt: new Date(one.updatedAt),
    ...dates({ startedAt: one.startedAt, stoppedAt: one.stoppedAt, finishedAt: one.finishedAt }),
    sourceServiceRevisions: one.sources.map(({ revision }) => summary(service, revision, one)),
    targetServiceRevision: summary(service, one.revision, one),
    status: one.status,
    ...(one.statusReason === undefined ? {} : { statusReason: one.statusReason }),
    ...(OPEN.includes(one.status) && one.startedAt !== undefined
      ? { lifecycleStage: one.progress.stage }
      : {}),
    ...(one.hooks.length === 0 ? {} : { lifecycleHookDetails: one.hooks.map(describeHookState) }),
    deploymentConfiguration: describeConfiguration({ ...service.settings, rollout: one.plan }),
    ...(one.rollback
      ? {
          rollback: {
            reason: one.rollback.reason,
            startedAt: new Date(one.rollback.startedAt),
            serviceRevisionArn: revisionArn(service, one.rollback.revision),
          },
        }
      : {}),
    deploymentCircuitBreaker: { ...one.breaker },
    alarms: {
      status: one.alarms.status,
      alarmNames: [...one.plan.alarms.names],
      triggeredAlarmNames: [...one.alarms.triggered],
    },
  };
}

function describeHookState({ id, status, expiresAt, timeoutAction }: HookState) {
  return { hookId: id, targetType: 'PAUSE' as const, status, expiresAt: new Date(expiresAt), timeoutAction };
}

function summary(service: ServiceState, revision: string, one: DeploymentState) {
  const tasks = service.tasks.filter((task) => task.revision === revision && !isOver(task));
  const place = service.deployments.findIndex((deployment) => deployment.revision === revision);
  const deployment = service.deployments[place];
  const wanted = deployment ? requested(service, deployment, place === 0) : 0;
  const { production, test } = one.traffic ?? service.traffic;
  return {
    arn: revisionArn(service, revision),
    requestedTaskCount: OPEN.includes(one.status) ? wanted : tasks.length,
    runningTaskCount: running(tasks),
    pendingTaskCount: pending(tasks),
    requestedProductionTrafficWeight: production[revision] ?? 0,
    requestedTestTrafficWeight: test[revision] ?? 0,
  };
}

export function describeRevision(service: ServiceState, revision: Revision): ServiceRevision {
  return {
    serviceRevisionArn: revisionArn(service, revision.id),
    serviceArn: service.arn,
    clusterArn: service.clusterArn,
    taskDefinition: revision.taskDefinition,
    launchType: 'FARGATE',
    platformVersion: revision.platformVersion,
    platformFamily: 'Linux',
    loadBalancers: revision.loadBalancers.map((one) => ({ ...one })),
    networkConfiguration: describeNetwork(revision),
    containerImages: revision.containers.map(({ name, image }) => ({
      containerName: name,
      image,
      ...(revision.digests[name] === undefined ? {} : { imageDigest: revision.digests[name] }),
    })),
    guardDutyEnabled: false,
    createdAt: new Date(revision.createdAt),
    resolvedConfiguration: {
      loadBalancers: revision.loadBalancers.map(({ targetGroupArn, advancedConfiguration }, index) => ({
        targetGroupArn: revision.groups[index] ?? targetGroupArn,
        ...(advancedConfiguration
          ? { productionListenerRule: advancedConfiguration.productionListenerRule }
          : {}),
      })),
    },
  };
}

function dates(times: Readonly<Record<string, number | undefined>>): Record<string, Date> {
  return Object.fromEntries(
    Object.entries(times).flatMap(([name, time]) => (time === undefined ? [] : [[name, new Date(time)]])),
  );
}
