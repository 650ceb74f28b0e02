import type {
  Task as DescribedTask,
  DescribeTasksCommandInput,
  DescribeTasksCommandOutput,
  ListTasksCommandInput,
  ListTasksCommandOutput,
  Tag,
} from '@aws-sdk/client-ecs';
import type { Output } from '../../services/output.ts';
import { AwsError, type Call } from '../../world/service.ts';
import { describeTask, originOf, type TaskOrigin, taskArn } from '../describe-task.ts';
import { oneOffStore } from '../one-off/state.ts';
import type { ServiceState } from '../state.ts';
import { type ClusterRecord, ecsArn, findTaskDefinition } from '../store.ts';
import { tagsOf } from '../tags.ts';
import type { TaskRun } from '../task-state.ts';
import { clusterOf, findService, storeOf } from './find.ts';
import { page } from './page.ts';

/** A task with who started it; `service` is undefined for a one-off task. */
interface Known {
  readonly task: TaskRun;
  readonly origin: TaskOrigin;
  readonly service: ServiceState | undefined;
}

/** All tasks of a cluster, those of services first. */
function tasksOf(cluster: ClusterRecord, call: Call): readonly Known[] {
  const services = Object.values(storeOf(call).services).filter((one) => one.cluster === cluster.name);
  const oneOffs = Object.values(oneOffStore(call.world, call.account, call.region).tasks);
  return [
    ...services.flatMap((service) =>
      service.tasks.map((task) => ({ task, origin: originOf(service, task), service })),
    ),
    ...oneOffs
      .filter((task) => task.cluster === cluster.name)
      .map((task) => ({ task, origin: task.origin, service: undefined })),
  ];
}

/** Tasks by desired status, RUNNING by default; `startedBy` allows no other filter, as in ECS. */
export function listTasks(input: ListTasksCommandInput, call: Call): Output<ListTasksCommandOutput> {
  const cluster = clusterOf(call, input.cluster);
  const { startedBy, serviceName, family, desiredStatus = 'RUNNING', containerInstance, launchType } = input;
  if (serviceName !== undefined && !findService(call, cluster, serviceName)) {
    throw new AwsError('ServiceNotFoundException', 'Service not found.');
  }
  if (containerInstance !== undefined)
    throw new AwsError('NotImplemented', 'local-aws has no container instances to list tasks of.', 501);
  const arns = tasksOf(cluster, call)
    .filter(({ service }) => !serviceName || [service?.name, service?.arn].includes(serviceName))
    .filter(({ task }) => task.desiredStatus === desiredStatus)
    .filter(({ origin }) => startedBy === undefined || origin.startedBy === startedBy)
    .filter(({ origin }) => family === undefined || definitionOf(origin, call)?.family === family)
    .map(({ origin, task }) => taskArn(origin, task));
  const fitting = (launchType ?? 'FARGATE') === 'FARGATE' ? arns : [];
  const { items, next } = page(fitting, input);
  return { taskArns: items, ...next };
}

export function describeTasks(
  { cluster: reference, tasks, include }: DescribeTasksCommandInput,
  call: Call,
): Output<DescribeTasksCommandOutput> {
  const cluster = clusterOf(call, reference);
  const byId = new Map(tasksOf(cluster, call).map((known) => [known.task.id, known]));
  const found = (tasks ?? []).map((name) => {
    const known = byId.get(name.split('/').at(-1) ?? '');
    return { name, described: known && goesBy(known, name) ? [described(known, include ?? [], call)] : [] };
  });
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

/** The task of a cluster that goes by this id or ARN, as ECS describes it; at most one. */
export function describedIn(
  cluster: ClusterRecord,
  name: string,
  include: readonly string[],
  call: Call,
): readonly DescribedTask[] {
  return tasksOf(cluster, call)
    .filter((known) => goesBy(known, name))
    .map((known) => described(known, include, call));
}

function goesBy({ task, origin }: Known, name: string): boolean {
  return task.id === name || taskArn(origin, task) === name;
}

function described(known: Known, include: readonly string[], call: Call): DescribedTask {
  return {
    ...describeTask(known.origin, known.task, definitionOf(known.origin, call)),
    tags: include.includes('TAGS') ? taskTags(call, known) : [],
  };
}

function definitionOf({ taskDefinition }: TaskOrigin, call: Call) {
  return findTaskDefinition(storeOf(call), taskDefinition ?? '');
}

/** Those propagated as the service says, those that ECS manages, and the task's own. */
function taskTags(call: Call, { task, origin, service }: Known): Tag[] {
  const store = storeOf(call);
  const own = tagsOf(store, taskArn(origin, task));
  if (!service) return own;
  const { propagateTags, enableManagedTags } = service.settings;
  const source = { SERVICE: service.arn, TASK_DEFINITION: origin.taskDefinition ?? '', NONE: '' }[
    propagateTags
  ];
  const managed = enableManagedTags
    ? [
        { key: 'aws:ecs:clusterName', value: service.cluster },
        { key: 'aws:ecs:serviceName', value: service.name },
      ]
    : [];
  return [...managed, ...tagsOf(store, source), ...own];
}
