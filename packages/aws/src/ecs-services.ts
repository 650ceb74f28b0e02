import {
  DescribeClustersCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  ListTasksCommand,
} from '@aws-sdk/client-ecs';
import type { ServiceDeploymentBrief, Task } from '@tenant-delivery/deployment/observed';
import type { ServiceReader } from '@tenant-delivery/deployment/ports';
import type { Role } from '@tenant-delivery/domain';
import { briefOf, deploymentOf, revisionOf } from './ecs-deployment-of.ts';
import { firstOf, keepRawAnswer } from './ecs-raw.ts';
import { serviceOf } from './ecs-service-of.ts';
import { isUnknownTaskDefinition, taskDefinitionOf } from './ecs-task-definition-of.ts';
import { taskOf } from './ecs-task-of.ts';
import type { Session } from './session.ts';
import { failureOf, required, translated } from './translate.ts';

const TASKS_AT_ONCE = 100; // the most that DescribeTasks takes

/** What ECS says about services, read only. */
export function ecsServices(session: Pick<Session, 'clientConfig'>, role: Role): ServiceReader {
  const ecs = new ECSClient(session.clientConfig(role));
  return {
    cluster: async (name) => {
      const answer = await translated(
        'ecs:DescribeClusters',
        ecs.send(new DescribeClustersCommand({ clusters: [name] })),
      );
      const found = oneOrMissing(answer.clusters, answer.failures, `cluster ${name}`);
      return (
        found && {
          arn: required(found.clusterArn, 'clusters[0].clusterArn'),
          status: required(found.status, 'clusters[0].status'),
        }
      );
    },
    service: async (cluster, name) => {
      const request = new DescribeServicesCommand({ cluster, services: [name] });
      const raw = keepRawAnswer(request.middlewareStack);
      const answer = await translated('ecs:DescribeServices', ecs.send(request), [
        'ClusterNotFoundException',
      ]);
      if (answer === 'ClusterNotFoundException') return undefined;
      const found = oneOrMissing(answer.services, answer.failures, `service ${name}`);
      return found && serviceOf(found, firstOf(raw(), 'services'));
    },
    taskDefinition: async (arnOrFamily) => {
      const request = new DescribeTaskDefinitionCommand({ taskDefinition: arnOrFamily, include: ['TAGS'] });
      const raw = keepRawAnswer(request.middlewareStack);
      try {
        await ecs.send(request);
      } catch (cause) {
        if (isUnknownTaskDefinition(cause)) return undefined;
        throw failureOf('ecs:DescribeTaskDefinition', cause);
      }
      return taskDefinitionOf(raw());
    },
    deployments: (cluster, name, since) => listDeployments(ecs, cluster, name, since),
    deployment: async (arn) => {
      const answer = await translated(
        'ecs:DescribeServiceDeployments',
        ecs.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] })),
      );
      return deploymentOf(required(answer.serviceDeployments?.[0], `the service deployment ${arn}`));
    },
    revision: async (arn) => {
      const request = new DescribeServiceRevisionsCommand({ serviceRevisionArns: [arn] });
      const raw = keepRawAnswer(request.middlewareStack);
      const answer = await translated('ecs:DescribeServiceRevisions', ecs.send(request));
      const found = required(answer.serviceRevisions?.[0], `the service revision ${arn}`);
      return revisionOf(found, firstOf(raw(), 'serviceRevisions'));
    },
    tasks: async (cluster, name, status, known) => {
      const arns = (await listTasks(ecs, cluster, name, status)).filter((arn) => !known?.has(arn));
      const pages = Array.from({ length: Math.ceil(arns.length / TASKS_AT_ONCE) }, (_, page) =>
        describeTasks(ecs, cluster, arns.slice(page * TASKS_AT_ONCE, (page + 1) * TASKS_AT_ONCE)),
      );
      return (await Promise.all(pages)).flat();
    },
  };
}

/** ECS answers 200 with `failures` for what it does not have; a 200 with neither is no answer. */
function oneOrMissing<T>(
  found: readonly T[] | undefined,
  failures: readonly { readonly reason?: string | undefined }[] | undefined,
  what: string,
): T | undefined {
  const [one] = found ?? [];
  if (one) return one;
  return failures?.some(({ reason }) => reason === 'MISSING') ? undefined : required(one, `the ${what}`);
}

async function listDeployments(
  ecs: ECSClient,
  cluster: string,
  service: string,
  since: number,
): Promise<readonly ServiceDeploymentBrief[]> {
  const found: ServiceDeploymentBrief[] = [];
  for (let nextToken: string | undefined; ; ) {
    const answer = await translated(
      'ecs:ListServiceDeployments',
      ecs.send(
        new ListServiceDeploymentsCommand({
          cluster,
          service,
          createdAt: { after: new Date(since) },
          ...(nextToken && { nextToken }),
        }),
      ),
    );
    found.push(...required(answer.serviceDeployments, 'serviceDeployments').map(briefOf));
    nextToken = answer.nextToken;
    if (!nextToken) return found.sort((a, b) => b.createdAt - a.createdAt);
  }
}

async function listTasks(
  ecs: ECSClient,
  cluster: string,
  serviceName: string,
  desiredStatus: 'RUNNING' | 'STOPPED',
): Promise<readonly string[]> {
  const found: string[] = [];
  for (let nextToken: string | undefined; ; ) {
    const answer = await translated(
      'ecs:ListTasks',
      ecs.send(
        new ListTasksCommand({ cluster, serviceName, desiredStatus, ...(nextToken && { nextToken }) }),
      ),
    );
    found.push(...required(answer.taskArns, 'taskArns'));
    nextToken = answer.nextToken;
    if (!nextToken) return found;
  }
}

/** Tasks that went between listing and describing are left out by ECS, with the reason MISSING. */
async function describeTasks(
  ecs: ECSClient,
  cluster: string,
  tasks: readonly string[],
): Promise<readonly Task[]> {
  const answer = await translated(
    'ecs:DescribeTasks',
    ecs.send(new DescribeTasksCommand({ cluster, tasks: [...tasks] })),
  );
  const found = required(answer.tasks, 'tasks').map(taskOf);
  const gone = answer.failures?.filter(({ reason }) => reason === 'MISSING').length ?? 0;
  if (found.length + gone < tasks.length)
    required(undefined, `${tasks.length - found.length - gone} of the tasks`);
  return found;
}
