import type { RevisionReader } from '@tenant-delivery/deployment/task-definition/revision-reader';
import type { Role } from '@tenant-delivery/domain';
import { everyRow } from '../errors/every-row.ts';
import { required, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { allButGone, partsOf, TASKS_AT_ONCE } from './described.ts';
import { ecsClient } from './ecs-client.ts';

/** The revisions of a family and the tasks that run them, read only. */
export function ecsRevisions(session: Pick<Session, 'clientConfig'>, role: Role): RevisionReader {
  const ecs = ecsClient(session.clientConfig(role));
  const definitionsOf = async (cluster: string, tasks: string[]) => {
    const sent = ecs.send((sdk) => new sdk.DescribeTasksCommand({ cluster, tasks }));
    const answer = await translated('ecs:DescribeTasks', sent);
    return allButGone(answer.tasks, answer.failures, tasks.length, 'tasks').map((task) =>
      required(task.taskDefinitionArn, 'tasks[].taskDefinitionArn'),
    );
  };
  return {
    active: async (family) => {
      const pages = ecs.pages((sdk, client) =>
        // ECS takes the whole name, in spite of the member's
        sdk.paginateListTaskDefinitions({ client }, { familyPrefix: family, status: 'ACTIVE' }),
      );
      const found = await everyRow('ecs:ListTaskDefinitions', pages, 'taskDefinitionArns');
      return found.filter((arn) => arn.includes(`:task-definition/${family}:`));
    },
    running: async (cluster, family) => {
      const pages = ecs.pages((sdk, client) =>
        sdk.paginateListTasks({ client }, { cluster, family, desiredStatus: 'RUNNING' }),
      );
      const tasks = await everyRow('ecs:ListTasks', pages, 'taskArns');
      const found = partsOf(tasks, TASKS_AT_ONCE).map((part) => definitionsOf(cluster, part));
      return [...new Set((await Promise.all(found)).flat())];
    },
  };
}
