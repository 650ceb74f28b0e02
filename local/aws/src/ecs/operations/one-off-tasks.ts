import type {
  Failure,
  RunTaskCommandInput,
  RunTaskCommandOutput,
  StopTaskCommandInput,
  StopTaskCommandOutput,
} from '@aws-sdk/client-ecs';
import type { Output } from '../../services/output.ts';
import { AwsError, type Call } from '../../world/service.ts';
import { describeTask, taskArn } from '../describe-task.ts';
import { engineOf } from '../engine.ts';
import { randomNames } from '../names.ts';
import { newTask } from '../new-task.ts';
import { oneOffEngineOf } from '../one-off/engine.ts';
import { type OneOffRequest, oneOffRequest } from '../one-off/request.ts';
import { type OneOffTask, oneOffStore } from '../one-off/state.ts';
import { addressOf, choosePlace, nextHost } from '../placement.ts';
import { roomFor } from '../room.ts';
import { type ClusterRecord, findTaskDefinition, providersOf } from '../store.ts';
import { addTags, tagsOf } from '../tags.ts';
import { clusterOf, storeOf, subnetsOf } from './find.ts';
import { describedIn } from './tasks.ts';

/** How long a client token is remembered ("Ensuring idempotency", Amazon ECS API reference). */
const TOKEN_LIFE = 24 * 3_600_000;

/** A request that is repeated with its client token starts nothing again, and answers the tasks of the first. */
export function runTask(input: RunTaskCommandInput, call: Call): Output<RunTaskCommandOutput> {
  const cluster = clusterOf(call, input.cluster);
  const request = oneOffRequest(input, {
    subnets: subnetsOf(call, cluster),
    capacityProviders: providersOf(cluster),
    taskDefinition: (reference) => findTaskDefinition(storeOf(call), reference),
  });
  const known = startedBefore(input, call);
  if (known) return { tasks: known.map((task) => described(task, call)), failures: [] };
  const tasks: OneOffTask[] = [];
  let failure: string | undefined;
  while (tasks.length < request.count && failure === undefined) {
    const task = place(request, cluster, tasks, call);
    if (typeof task === 'string') failure = task;
    else tasks.push(task);
  }
  for (const task of tasks) tagAndBegin(task, input, call);
  if (tasks.length > 0) spendToken(input, tasks, cluster, call);
  const missing = request.count - tasks.length;
  const failures = Array.from({ length: missing }, (): Failure => ({ reason: failure ?? '' }));
  return { tasks: tasks.map((task) => described(task, call)), failures };
}

/** A task with an address of its own, or why there is none to have. */
function place(
  request: OneOffRequest,
  cluster: ClusterRecord,
  others: readonly OneOffTask[],
  { world, account, region }: Call,
): OneOffTask | string {
  const store = oneOffStore(world, account, region);
  const room = roomFor(world, account, region, []);
  const shortage = room.shortage ?? room.beyondQuota(request.definition.arn, []);
  if (shortage !== undefined) return shortage;
  const subnet = choosePlace(
    request.subnets.filter((one) => room.capacity(one) > 0),
    others.map((task) => ({ zone: task.subnet.zone, primary: true })),
  );
  const host = subnet && nextHost(subnet.cidr, store.lastHost[subnet.id] ?? 0, room.taken);
  if (!subnet || host === undefined) return 'RESOURCE:ENI';
  store.lastHost[subnet.id] = host;
  const containers = (request.definition.content.containerDefinitions ?? []).map(
    ({ name = '', image = '' }) => ({ name, image }),
  );
  const at = { now: world.clock.now(), names: randomNames };
  const task: OneOffTask = {
    ...newTask(containers, { subnet, address: addressOf(subnet.cidr, host) }, at),
    cluster: cluster.name,
    origin: {
      clusterArn: cluster.arn,
      taskDefinition: request.definition.arn,
      group: request.group,
      startedBy: request.startedBy,
      platformVersion: request.platformVersion,
      capacityProvider: request.capacityProvider,
      enableExecuteCommand: false,
      overrides: structuredClone(request.overrides),
    },
  };
  store.tasks[task.id] = task;
  return task;
}

function tagAndBegin(task: OneOffTask, input: RunTaskCommandInput, call: Call): void {
  const { world, account, region } = call;
  const store = storeOf(call);
  const managed = [{ key: 'aws:ecs:clusterName', value: task.cluster }];
  const propagated =
    input.propagateTags === 'TASK_DEFINITION' ? tagsOf(store, task.origin.taskDefinition ?? '') : [];
  addTags(store, taskArn(task.origin, task), [
    ...(input.enableECSManagedTags ? managed : []),
    ...propagated,
    ...(input.tags ?? []),
  ]);
  world.touched();
  oneOffEngineOf(world).begin({ account, region }, task);
}

function startedBefore(input: RunTaskCommandInput, call: Call): readonly OneOffTask[] | undefined {
  const { tokens, tasks } = oneOffStore(call.world, call.account, call.region);
  const spent = input.clientToken === undefined ? undefined : tokens[input.clientToken];
  if (!spent || call.world.clock.now() - spent.spentAt > TOKEN_LIFE) return undefined;
  if (spent.request !== asText(input)) {
    const message = 'The provided clientToken is already in use with a different RunTask request.';
    throw new AwsError('ConflictException', message, 400, { resourceIds: spent.tasks });
  }
  return spent.tasks.flatMap((arn) => tasks[arn.split('/').at(-1) ?? ''] ?? []);
}

function spendToken(
  input: RunTaskCommandInput,
  tasks: readonly OneOffTask[],
  cluster: ClusterRecord,
  call: Call,
): void {
  if (input.clientToken === undefined) return;
  oneOffStore(call.world, call.account, call.region).tokens[input.clientToken] = {
    request: asText(input),
    tasks: tasks.map((task) => taskArn({ clusterArn: cluster.arn }, task)),
    spentAt: call.world.clock.now(),
  };
}

const asText = (input: RunTaskCommandInput) =>
  JSON.stringify(Object.entries(input).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Of whatever kind: a service starts another one in its place. What has stopped already stays as it is. */
export function stopTask(
  { cluster: reference, task: name = '', reason }: StopTaskCommandInput,
  call: Call,
): Output<StopTaskCommandOutput> {
  const cluster = clusterOf(call, reference);
  const { world, account, region } = call;
  const stop = { code: 'UserInitiated', reason: reason ?? 'Task stopped by user' } as const;
  const oneOff = Object.values(oneOffStore(world, account, region).tasks).find(
    (task) => task.cluster === cluster.name && [task.id, taskArn(task.origin, task)].includes(name),
  );
  if (oneOff) oneOffEngineOf(world).happen({ account, region }, oneOff.id, { kind: 'stop-requested', stop });
  for (const service of Object.values(storeOf(call).services)) {
    const task = service.tasks.find((one) => [one.id, taskArn(service, one)].includes(name));
    if (!task || service.cluster !== cluster.name) continue;
    const key = { account, region, name: `${service.cluster}/${service.name}` };
    engineOf(world).happen(key, { kind: 'stop-requested', task: task.id, stop });
  }
  const [task] = describedIn(cluster, name, [], call);
  if (!task) throw new AwsError('InvalidParameterException', 'The referenced task was not found.');
  return { task };
}

function described(task: OneOffTask, call: Call) {
  const store = storeOf(call);
  const definition = findTaskDefinition(store, task.origin.taskDefinition ?? '');
  return { ...describeTask(task.origin, task, definition), tags: tagsOf(store, taskArn(task.origin, task)) };
}
