import type { Deployment, TaskSet } from '@aws-sdk/client-ecs';
import { describeNetwork } from './describe-network.ts';
import { isOver } from './draft.ts';
import type { Deployment as DeploymentState, ServiceState } from './state.ts';
import { pending, running } from './task-counts.ts';

/** What ECS says alike of a deployment and of a task set: the revision that it runs, where, and its tasks. */
export function whatRuns(service: ServiceState, deployment: DeploymentState): Deployment & TaskSet {
  const revision = service.revisions.find(({ id }) => id === deployment.revision);
  const tasks = service.tasks.filter((task) => task.deployment === deployment.id && !isOver(task));
  return {
    id: deployment.id,
    taskDefinition: revision?.taskDefinition,
    pendingCount: pending(tasks),
    runningCount: running(tasks),
    createdAt: new Date(deployment.createdAt),
    updatedAt: new Date(deployment.updatedAt),
    launchType: 'FARGATE',
    platformVersion: revision?.platformVersion,
    platformFamily: 'Linux',
    ...(revision ? { networkConfiguration: describeNetwork(revision) } : {}),
  };
}
