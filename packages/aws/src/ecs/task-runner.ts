import type { TaskRunner, TaskToRun } from '@tenant-delivery/deployment/ports';
import { failureOf, required, statusOf, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { clearedService, type ServiceClearance } from './cleared-service.ts';
import { oneOrMissing } from './described.ts';
import { ecsClient } from './ecs-client.ts';
import { taskOf } from './task-of.ts';
import { whole } from './unknown-members.ts';

/** Tasks beside the one service that was cleared. A client token makes starting one safe to repeat. */
export function ecsTaskRunner(
  session: Pick<Session, 'clientConfig'>,
  clearance: ServiceClearance,
  now: number,
): TaskRunner {
  const { cluster } = clearedService(clearance, now);
  const ecs = ecsClient(session.clientConfig('deploy'));
  return {
    run: async (wanted) => {
      try {
        const asked = { ...likeTheService(wanted), cluster };
        const answer = await ecs.send((sdk) => new sdk.RunTaskCommand(whole(asked)));
        const [task] = answer.tasks ?? [];
        if (task) return taskOf(task);
        const [refused] = answer.failures ?? [];
        const { reason, detail } = required(refused, 'tasks[0] or failures[0]');
        return { refused: [reason, detail].filter(Boolean).join(': ') || 'ECS gave no reason' };
      } catch (cause) {
        const status = statusOf(cause);
        if (status === undefined || status < 300 || status >= 500) return 'unknown';
        throw failureOf('ecs:RunTask', cause);
      }
    },
    task: async (arn) => {
      const sent = ecs.send((sdk) => new sdk.DescribeTasksCommand({ cluster, tasks: [arn] }));
      const { tasks, failures } = await translated('ecs:DescribeTasks', sent);
      const found = oneOrMissing(tasks, failures, 'tasks[0]');
      return found && taskOf(found);
    },
    stop: async (task, reason) => {
      const sent = ecs.send((sdk) => new sdk.StopTaskCommand({ cluster, task, reason }));
      await translated('ecs:StopTask', sent);
    },
  };
}

/**
 * The task in the network, the capacity and on the platform of the service, as ECS described them, also with what is newer
 * than this release; what the service does not say stays unsaid.
 */
function likeTheService({ key, taskDefinition, service, container, command, startedBy }: TaskToRun) {
  const strategy = service['capacityProviderStrategy'];
  const capacity = Array.isArray(strategy) && strategy.length > 0;
  const like = [
    'networkConfiguration',
    'platformVersion',
    capacity ? 'capacityProviderStrategy' : 'launchType',
  ];
  const members = like.flatMap((name) => {
    const value = service[name];
    return value === undefined || value === null || value === '' ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(members),
    taskDefinition,
    clientToken: key,
    startedBy,
    count: 1,
    ...(command && { overrides: { containerOverrides: [{ name: container, command }] } }),
  };
}
