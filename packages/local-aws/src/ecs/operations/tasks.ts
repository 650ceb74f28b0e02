import type {
  DescribeTasksCommandInput,
  DescribeTasksCommandOutput,
  ListTasksCommandInput,
  ListTasksCommandOutput,
  Tag,
} from '@aws-sdk/client-ecs';
import type { Output } from '../../services/output.ts';
import { AwsError, type Call } from '../../world/service.ts';
import { describeTask, taskArn } from '../describe-task.ts';
import type { ServiceState, Task } from '../state.ts';
import { ecsArn, findTaskDefinition } from '../store.ts';
import { tagsOf } from '../tags.ts';
import { atMost, clusterOf, findService, storeOf } from './find.ts';
import { page } from './page.ts';

/** Tasks by desired status, RUNNING by default; `startedBy` stands alone, as in ECS. */
export function listTasks(input: ListTasksCommandInput, call: Call): Output<ListTasksCommandOutput> {
  const cluster = clusterOf(call, input.cluster);
  const { startedBy, serviceName, family, desiredStatus = 'RUNNING', containerInstance, launchType } = input;
  if (startedBy !== undefined && (serviceName ?? family ?? containerInstance ?? launchType) !== undefined) {
    throw new AwsError('InvalidParameterException', 'startedBy cannot be combined with another filter.');
  }
  if (serviceName !== undefined && !findService(call, cluster, serviceName)) {
    throw new AwsError('ServiceNotFoundException', 'Service not found.');
  }
  const store = storeOf(call);
  const familyOf = (service: ServiceState, task: Task) => definitionOf(call, service, task)?.family;
  const arns = Object.values(store.services)
    .filter((service) => service.cluster === cluster.name)
    .filter((service) => serviceName === undefined || [service.name, service.arn].includes(serviceName))
    .flatMap((service) =>
      service.tasks
        .filter((task) => task.desiredStatus === desiredStatus)
        .filter((task) => startedBy === undefined || task.deployment === startedBy)
        .filter((task) => family === undefined || familyOf(service, task) === family)
        .map((task) => taskArn(service, task)),
    );
  const fitting = containerInstance === undefined && (launchType ?? 'FARGATE') === 'FARGATE' ? arns : [];
  const { items, next } = page(fitting, input);
  return { taskArns: items, ...next };
}

export function describeTasks(
  { cluster: reference, tasks, include }: DescribeTasksCommandInput,
  call: Call,
): Output<DescribeTasksCommandOutput> {
  const cluster = clusterOf(call, reference);
  const store = storeOf(call);
  const services = Object.values(store.services).filter((service) => service.cluster === cluster.name);
  const found = atMost(100, tasks, 'tasks').map((name) => ({
    name,
    described: services.flatMap((service) =>
      service.tasks
        .filter((task) => task.id === name || taskArn(service, task) === name)
        .map((task) => ({
          ...describeTask(service, task, definitionOf(call, service, task)),
          tags: include?.includes('TAGS') ? taskTags(call, service, task) : [],
        })),
    ),
  }));
  return {
    tasks: found.flatMap(({ described }) => described),
    failures: found
      .filter(({ described }) => described.length === 0)
      .map(({ name }) => ({
        arn: name.startsWith('arn:')
          ? name
          : ecsArn(call.account, call.region, `task/${cluster.name}/${name}`),
        reason: 'MISSING',
      })),
  };
}

function definitionOf(call: Call, service: ServiceState, task: Task) {
  const revision = service.revisions.find((one) => one.id === task.revision);
  return findTaskDefinition(storeOf(call), revision?.taskDefinition ?? '');
}

/** Those propagated as the service says, those that ECS manages, and the task's own. */
function taskTags(call: Call, service: ServiceState, task: Task): Tag[] {
  const store = storeOf(call);
  const { propagateTags, enableManagedTags } = service.settings;
  const definition = definitionOf(call, service, task);
  const source = { SERVICE: service.arn, TASK_DEFINITION: definition?.arn ?? '', NONE: '' }[propagateTags];
  const managed = enableManagedTags
    ? [
        { key: 'aws:ecs:clusterName', value: service.cluster },
        { key: 'aws:ecs:serviceName', value: service.name },
      ]
    : [];
  return [...managed, ...tagsOf(store, source), ...tagsOf(store, taskArn(service, task))];
}
