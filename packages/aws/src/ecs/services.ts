import type { ServiceDeploymentBrief, Task } from '@tenant-delivery/deployment/observed';
import type { ServiceReader } from '@tenant-delivery/deployment/ports';
import type { Role } from '@tenant-delivery/domain';
import { everyRow } from '../errors/every-row.ts';
import { failureOf, required, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { briefOf, deploymentOf, revisionOf } from './deployment-of.ts';
import { allButGone, oneOrMissing, partsOf, TASKS_AT_ONCE } from './described.ts';
import { type EcsClient, ecsClient } from './ecs-client.ts';
import { serviceOf } from './service-of.ts';
import { isUnknownTaskDefinition, taskDefinitionOf } from './task-definition-of.ts';
import { taskOf } from './task-of.ts';
import { documentOf, firstOf } from './unknown-members.ts';

/** What ECS says about services, read only. */
export function ecsServices(session: Pick<Session, 'clientConfig'>, role: Role): ServiceReader {
  const ecs = ecsClient(session.clientConfig(role));
  return {
    cluster: async (name) => {
      const sent = ecs.send((sdk) => new sdk.DescribeClustersCommand({ clusters: [name] }));
      const { clusters, failures } = await translated('ecs:DescribeClusters', sent);
      const found = oneOrMissing(clusters, failures, `the cluster ${name}`);
      return (
        found && {
          arn: required(found.clusterArn, 'clusters[0].clusterArn'),
          status: required(found.status, 'clusters[0].status'),
        }
      );
    },
    service: async (cluster, name) => {
      const sent = ecs.send((sdk) => new sdk.DescribeServicesCommand({ cluster, services: [name] }));
      const answer = await translated('ecs:DescribeServices', sent, ['ClusterNotFoundException']);
      if (answer === 'ClusterNotFoundException') return undefined;
      const found = oneOrMissing(answer.services, answer.failures, `the service ${name}`);
      return found && serviceOf(found, firstOf(documentOf(answer), 'services'));
    },
    taskDefinition: async (arnOrFamily) => {
      const asked = { taskDefinition: arnOrFamily, include: ['TAGS' as const] };
      const sent = ecs.send((sdk) => new sdk.DescribeTaskDefinitionCommand(asked));
      const answer = await sent.catch((cause: unknown) => {
        if (isUnknownTaskDefinition(cause)) return undefined;
        throw failureOf('ecs:DescribeTaskDefinition', cause);
      });
      return answer && taskDefinitionOf(documentOf(answer));
    },
    deployments: (cluster, name, since) => listDeployments(ecs, cluster, name, since),
    deployment: async (arn) => {
      const sent = ecs.send(
        (sdk) => new sdk.DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] }),
      );
      const { serviceDeployments } = await translated('ecs:DescribeServiceDeployments', sent);
      return deploymentOf(required(serviceDeployments?.[0], `the service deployment ${arn}`));
    },
    revision: async (arn) => {
      const sent = ecs.send((sdk) => new sdk.DescribeServiceRevisionsCommand({ serviceRevisionArns: [arn] }));
      const answer = await translated('ecs:DescribeServiceRevisions', sent);
      const found = required(answer.serviceRevisions?.[0], `the service revision ${arn}`);
      return revisionOf(found, firstOf(documentOf(answer), 'serviceRevisions'));
    },
    tasks: async (cluster, name, status, known) => {
      const pages = ecs.pages((sdk, client) =>
        sdk.paginateListTasks({ client }, { cluster, serviceName: name, desiredStatus: status }),
      );
      const listed = await everyRow('ecs:ListTasks', pages, 'taskArns');
      const arns = listed.filter((arn) => !known?.has(arn));
      const parts = partsOf(arns, TASKS_AT_ONCE).map((part) => describeTasks(ecs, cluster, part));
      return (await Promise.all(parts)).flat();
    },
  };
}

/** The SDK has no paginator for this list. */
async function listDeployments(
  ecs: EcsClient,
  cluster: string,
  service: string,
  since: number,
): Promise<readonly ServiceDeploymentBrief[]> {
  const found: ServiceDeploymentBrief[] = [];
  for (let nextToken: string | undefined; ; ) {
    const asked = { cluster, service, createdAt: { after: new Date(since) }, nextToken };
    const sent = ecs.send((sdk) => new sdk.ListServiceDeploymentsCommand(asked));
    const page = await translated('ecs:ListServiceDeployments', sent);
    found.push(...required(page.serviceDeployments, 'serviceDeployments').map(briefOf));
    nextToken = page.nextToken;
    if (!nextToken) return found.sort((a, b) => b.createdAt - a.createdAt);
  }
}

async function describeTasks(ecs: EcsClient, cluster: string, tasks: string[]): Promise<readonly Task[]> {
  const sent = ecs.send((sdk) => new sdk.DescribeTasksCommand({ cluster, tasks }));
  const answer = await translated('ecs:DescribeTasks', sent);
  return allButGone(answer.tasks, answer.failures, tasks.length, 'tasks').map(taskOf);
}
