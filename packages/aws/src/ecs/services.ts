import type { ServiceDeploymentBrief, Task } from '@tenant-delivery/deployment/observed';
import type { ServiceReader } from '@tenant-delivery/deployment/ports';
import type { Role } from '@tenant-delivery/domain';
import { failureOf, required, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { briefOf, deploymentOf, revisionOf } from './deployment-of.ts';
import { type EcsCall, ecsCaller, firstOf } from './ecs-call.ts';
import { serviceOf } from './service-of.ts';
import { isUnknownTaskDefinition, taskDefinitionOf } from './task-definition-of.ts';
import { taskOf } from './task-of.ts';

const TASKS_AT_ONCE = 100; // the most that DescribeTasks takes

/** What ECS says about services, read only. */
export function ecsServices(session: Pick<Session, 'clientConfig'>, role: Role): ServiceReader {
  const call = ecsCaller(session.clientConfig(role));
  return {
    cluster: async (name) => {
      const { read } = await translated(
        'ecs:DescribeClusters',
        call('DescribeClusters', { clusters: [name] }),
      );
      const found = oneOrMissing(read.clusters, read.failures, `cluster ${name}`);
      return (
        found && {
          arn: required(found.clusterArn, 'clusters[0].clusterArn'),
          status: required(found.status, 'clusters[0].status'),
        }
      );
    },
    service: async (cluster, name) => {
      const sent = call('DescribeServices', { cluster, services: [name] });
      const answer = await translated('ecs:DescribeServices', sent, ['ClusterNotFoundException']);
      if (answer === 'ClusterNotFoundException') return undefined;
      const found = oneOrMissing(answer.read.services, answer.read.failures, `service ${name}`);
      return found && serviceOf(found, firstOf(answer.document, 'services'));
    },
    taskDefinition: async (arnOrFamily) => {
      const asked = { taskDefinition: arnOrFamily, include: ['TAGS'] };
      const answer = await call('DescribeTaskDefinition', asked).catch((cause: unknown) => {
        if (isUnknownTaskDefinition(cause)) return undefined;
        throw failureOf('ecs:DescribeTaskDefinition', cause);
      });
      return answer && taskDefinitionOf(answer.document);
    },
    deployments: (cluster, name, since) => listDeployments(call, cluster, name, since),
    deployment: async (arn) => {
      const sent = call('DescribeServiceDeployments', { serviceDeploymentArns: [arn] });
      const { read } = await translated('ecs:DescribeServiceDeployments', sent);
      return deploymentOf(required(read.serviceDeployments?.[0], `the service deployment ${arn}`));
    },
    revision: async (arn) => {
      const sent = call('DescribeServiceRevisions', { serviceRevisionArns: [arn] });
      const { read, document } = await translated('ecs:DescribeServiceRevisions', sent);
      const found = required(read.serviceRevisions?.[0], `the service revision ${arn}`);
      return revisionOf(found, firstOf(document, 'serviceRevisions'));
    },
    tasks: async (cluster, name, status, known) => {
      const arns = (await listTasks(call, cluster, name, status)).filter((arn) => !known?.has(arn));
      const pages = Array.from({ length: Math.ceil(arns.length / TASKS_AT_ONCE) }, (_, page) =>
        describeTasks(call, cluster, arns.slice(page * TASKS_AT_ONCE, (page + 1) * TASKS_AT_ONCE)),
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
  call: EcsCall,
  cluster: string,
  service: string,
  since: number,
): Promise<readonly ServiceDeploymentBrief[]> {
  const found: ServiceDeploymentBrief[] = [];
  for (let nextToken: string | undefined; ; ) {
    const sent = call('ListServiceDeployments', {
      cluster,
      service,
      createdAt: { after: since / 1000 },
      ...(nextToken && { nextToken }),
    });
    const { read } = await translated('ecs:ListServiceDeployments', sent);
    found.push(...required(read.serviceDeployments, 'serviceDeployments').map(briefOf));
    nextToken = read.nextToken;
    if (!nextToken) return found.sort((a, b) => b.createdAt - a.createdAt);
  }
}

async function listTasks(
  call: EcsCall,
  cluster: string,
  serviceName: string,
  desiredStatus: 'RUNNING' | 'STOPPED',
): Promise<readonly string[]> {
  const found: string[] = [];
  for (let nextToken: string | undefined; ; ) {
    const asked = { cluster, serviceName, desiredStatus, ...(nextToken && { nextToken }) };
    const { read } = await translated('ecs:ListTasks', call('ListTasks', asked));
    found.push(...required(read.taskArns, 'taskArns'));
    nextToken = read.nextToken;
    if (!nextToken) return found;
  }
}

/** Tasks that went between listing and describing are left out by ECS, with the reason MISSING. */
async function describeTasks(
  call: EcsCall,
  cluster: string,
  tasks: readonly string[],
): Promise<readonly Task[]> {
  const { read } = await translated('ecs:DescribeTasks', call('DescribeTasks', { cluster, tasks }));
  const found = required(read.tasks, 'tasks').map(taskOf);
  const gone = read.failures?.filter(({ reason }) => reason === 'MISSING').length ?? 0;
  if (found.length + gone < tasks.length)
    required(undefined, `${tasks.length - found.length - gone} of the tasks`);
  return found;
}
