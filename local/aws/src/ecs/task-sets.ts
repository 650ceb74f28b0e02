import type { TaskSet } from '@aws-sdk/client-ecs';
import { describeNetwork } from './describe-network.ts';
import { isOver } from './draft.ts';
import type { ServiceState } from './state.ts';
import { pending, running } from './task-counts.ts';

/** What a service that CodeDeploy deploys has in place of deployments. */
export function taskSetsOf(service: ServiceState): TaskSet[] {
  return service.deployments.map((deployment, index) => {
    const revision = service.revisions.find(({ id }) => id === deployment.revision);
    const tasks = service.tasks.filter((task) => task.deployment === deployment.id && !isOver(task));
    return {
      id: deployment.id,
      taskSetArn: `${service.arn.replace(':service/', ':task-set/')}/${deployment.id}`,
      serviceArn: service.arn,
      clusterArn: service.clusterArn,
      status: index === 0 ? 'PRIMARY' : 'ACTIVE',
      taskDefinition: revision?.taskDefinition,
      computedDesiredCount: service.settings.desiredCount,
      pendingCount: pending(tasks),
      runningCount: running(tasks),
      createdAt: new Date(deployment.createdAt),
      updatedAt: new Date(deployment.updatedAt),
      launchType: 'FARGATE',
      platformVersion: revision?.platformVersion,
      platformFamily: 'Linux',
      ...(revision ? { networkConfiguration: describeNetwork(revision) } : {}),
      loadBalancers: (revision?.loadBalancers ?? []).map(
        ({ containerName, containerPort, targetGroupArn }) => ({
          containerName,
          containerPort,
          targetGroupArn,
        }),
      ),
      serviceRegistries: [],
      scale: { value: 100, unit: 'PERCENT' },
      stabilityStatus: deployment.rollout === 'COMPLETED' ? 'STEADY_STATE' : 'STABILIZING',
    };
  });
}
