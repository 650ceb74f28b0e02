import type { TaskSet } from '@aws-sdk/client-ecs';
import type { ServiceState } from './state.ts';
import { whatRuns } from './what-runs.ts';

/** What a service that CodeDeploy deploys has in place of deployments. */
export function taskSetsOf(service: ServiceState): TaskSet[] {
  return service.deployments.map((deployment, index) => {
    const revision = service.revisions.find(({ id }) => id === deployment.revision);
    return {
      ...whatRuns(service, deployment),
      taskSetArn: `${service.arn.replace(':service/', ':task-set/')}/${deployment.id}`,
      serviceArn: service.arn,
      clusterArn: service.clusterArn,
      status: index === 0 ? 'PRIMARY' : 'ACTIVE',
      computedDesiredCount: service.settings.desiredCount,
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
