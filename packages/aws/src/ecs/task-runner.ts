import type { TaskRunner, TaskToRun } from '@tenant-delivery/deployment/ports';
import { failureOf, required, statusOf, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { clearedService, type ServiceClearance } from './cleared-service.ts';
import { ecsCaller } from './ecs-call.ts';
import { taskOf } from './task-of.ts';

/** Tasks beside the one service that was cleared. A client token makes starting one safe to repeat. */
export function ecsTaskRunner(
  session: Pick<Session, 'clientConfig'>,
  clearance: ServiceClearance,
  now: number,
): TaskRunner {
  const { cluster } = clearedService(clearance, now);
  const call = ecsCaller(session.clientConfig('deploy'));
  return {
    run: async (wanted) => {
      try {
        const { read } = await call('RunTask', { ...likeTheService(wanted), cluster });
        const [task] = read.tasks ?? [];
        if (task) return taskOf(task);
        const [refused] = read.failures ?? [];
        const { reason, detail } = required(refused, 'tasks[0] or failures[0]');
        return { refused: [reason, detail].filter(Boolean).join(': ') || 'ECS gave no reason' };
      } catch (cause) {
        const status = statusOf(cause);
        if (status === undefined || status < 300 || status >= 500) return 'unknown';
        throw failureOf('ecs:RunTask', cause);
      }
    },
    task: async (arn) => {
      const sent = call('DescribeTasks', { cluster, tasks: [arn] });
      const { read } = await translated('ecs:DescribeTasks', sent);
      const [found] = read.tasks ?? [];
      if (found) return taskOf(found);
      return read.failures?.some(({ reason }) => reason === 'MISSING')
        ? undefined
        : required(undefined, 'tasks[0]');
    },
    stop: async (task, reason) => {
      await translated('ecs:StopTask', call('StopTask', { cluster, task, reason }));
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
