import type {
  Deployment,
  DeploymentConfiguration,
  DeploymentLifecycleHook,
  Service,
} from '@aws-sdk/client-ecs';
import { describeNetwork } from './describe-network.ts';
import { isOver, isWanted } from './draft.ts';
import { headCount, twoSided } from './head-count.ts';
import type { PauseHook, RolloutPlan } from './rollout-plan.ts';
import type { Deployment as DeploymentState, ServiceSettings, ServiceState } from './state.ts';
import { pending, running } from './task-counts.ts';
import { taskSetsOf } from './task-sets.ts';
import { whatRuns } from './what-runs.ts';

/** A service as DescribeServices and UpdateService answer it, without its tags. */
export function describeService(service: ServiceState): Service {
  const { settings } = service;
  const account = service.arn.split(':')[4] ?? '';
  const live = service.tasks.filter((task) => !isOver(task));
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.clusterArn,
    loadBalancers: settings.loadBalancers.map((one) => ({ ...one })),
    serviceRegistries: [],
    status: 'ACTIVE',
    desiredCount: settings.desiredCount,
    runningCount: running(live),
    pendingCount: pending(live),
    launchType: 'FARGATE',
    platformVersion: settings.platformVersion,
    platformFamily: 'Linux',
    taskDefinition: settings.taskDefinition,
    deploymentConfiguration: describeConfiguration(settings),
    ...describeDeployments(service),
    roleArn: `arn:aws:iam::${account}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`,
    events: service.events.map(({ id, createdAt, message }) => ({
      id,
      createdAt: new Date(createdAt),
      message,
    })),
    createdAt: new Date(service.createdAt),
    placementConstraints: [],
    placementStrategy: [],
    networkConfiguration: describeNetwork(settings),
    healthCheckGracePeriodSeconds: settings.gracePeriodSeconds,
    schedulingStrategy: 'REPLICA',
    deploymentController: { type: settings.controller },
    createdBy: `arn:aws:iam::${account}:root`,
    enableECSManagedTags: settings.enableManagedTags,
    propagateTags: settings.propagateTags,
    enableExecuteCommand: settings.enableExecuteCommand,
    availabilityZoneRebalancing: settings.zoneRebalancing,
  };
}

/** ECS has deployments, and CodeDeploy has task sets. */
function describeDeployments(service: ServiceState): Partial<Service> {
  if (service.settings.controller === 'CODE_DEPLOY')
    return { deployments: [], taskSets: taskSetsOf(service) };
  const live = service.tasks.filter((task) => !isOver(task));
  return {
    deployments: service.deployments.map((deployment, index) =>
      describeDeployment(service, deployment, index === 0),
    ),
    ...(service.history[0] ? { currentServiceDeployment: service.history[0].arn } : {}),
    currentServiceRevisions: service.deployments.map((deployment, index) => ({
      arn: revisionArn(service, deployment.revision),
      requestedTaskCount: requested(service, deployment, index === 0),
      runningTaskCount: running(live.filter((task) => task.deployment === deployment.id)),
      pendingTaskCount: pending(live.filter((task) => task.deployment === deployment.id)),
    })),
  };
}

function describeDeployment(
  service: ServiceState,
  deployment: DeploymentState,
  primary: boolean,
): Deployment {
  return {
    ...whatRuns(service, deployment),
    status: primary ? 'PRIMARY' : 'ACTIVE',
    desiredCount: requested(service, deployment, primary),
    failedTasks: deployment.failedTasks,
    ...(service.settings.rollout.twoSided
      ? {} // "only returned for services that use the rolling update"
      : { rolloutState: deployment.rollout, rolloutStateReason: deployment.rolloutReason }),
  };
}

export function requested(service: ServiceState, deployment: DeploymentState, primary: boolean): number {
  const sides = twoSided(service);
  if (sides) return headCount(service, sides, deployment).tasks;
  if (primary) return service.settings.desiredCount;
  return service.tasks.filter((task) => task.deployment === deployment.id && isWanted(task)).length;
}

export function describeConfiguration(settings: ServiceSettings): DeploymentConfiguration {
  const { enable, rollback, resetOnHealthyTask, threshold } = settings.breaker;
  return {
    deploymentCircuitBreaker: {
      enable,
      rollback,
      resetOnHealthyTask,
      thresholdConfiguration: { type: threshold.type, value: threshold.value },
    },
    maximumPercent: settings.maximumPercent,
    minimumHealthyPercent: settings.minimumHealthyPercent,
    ...describePlan(settings.rollout),
  };
}

function describePlan(plan: RolloutPlan): DeploymentConfiguration {
  const strategy = plan.strategy as DeploymentConfiguration['strategy']; // read from a request
  return {
    strategy,
    bakeTimeInMinutes: plan.bakeMinutes,
    ...(plan.alarms.names.length === 0
      ? {}
      : {
          alarms: {
            alarmNames: [...plan.alarms.names],
            enable: plan.alarms.enable,
            rollback: plan.alarms.rollback,
          },
        }),
    ...(plan.earlySuccess
      ? {
          earlySuccessCriteria: {
            enable: true,
            healthyPercent: plan.earlySuccess.healthyPercent,
            sourceServiceRevisionCleanup: plan.earlySuccess.cleanup,
          },
        }
      : {}),
    ...(plan.hooks.length === 0 ? {} : { lifecycleHooks: plan.hooks.map(describeHook) }),
    ...plan.own,
  };
}

function describeHook({ stages, timeoutMinutes, timeoutAction }: PauseHook): DeploymentLifecycleHook {
  return {
    targetType: 'PAUSE',
    lifecycleStages: [...stages],
    timeoutConfiguration: { timeoutInMinutes: timeoutMinutes, action: timeoutAction },
  };
}

export function revisionArn(service: ServiceState, revision: string): string {
  return `${service.arn.replace(':service/', ':service-revision/')}/${revision}`;
}
