import type { RevisionReader } from '@tenant-delivery/deployment/task-definition/revision-reader';
import type { Role } from '@tenant-delivery/domain';
import { required, translated } from '../errors/translate.ts';
import type { Session } from '../session/session.ts';
import { ecsCaller } from './ecs-call.ts';

/** The revisions of a family and the tasks that run them, read only. */
export function ecsRevisions(session: Pick<Session, 'clientConfig'>, role: Role): RevisionReader {
  const call = ecsCaller(session.clientConfig(role));
  return {
    active: async (family) => {
      const found: string[] = [];
      for (let nextToken: string | undefined; ; ) {
        const sent = call('ListTaskDefinitions', {
          familyPrefix: family, // ECS takes the whole name, in spite of the member's
          status: 'ACTIVE',
          ...(nextToken && { nextToken }),
        });
        const { read } = await translated('ecs:ListTaskDefinitions', sent);
        found.push(...required(read.taskDefinitionArns, 'taskDefinitionArns'));
        nextToken = read.nextToken;
        if (!nextToken) return found.filter((arn) => arn.includes(`:task-definition/${family}:`));
      }
    },
    running: async (cluster, family) => {
      const found: string[] = [];
      for (let nextToken: string | undefined; ; ) {
        const sent = call('ListTasks', {
          cluster,
          family,
          desiredStatus: 'RUNNING',
          ...(nextToken && { nextToken }),
        });
        const { read: listed } = await translated('ecs:ListTasks', sent);
        const tasks = [...required(listed.taskArns, 'taskArns')]; // at most the 100 that DescribeTasks takes
        if (tasks.length > 0) {
          const asked = call('DescribeTasks', { cluster, tasks });
          const { read: described } = await translated('ecs:DescribeTasks', asked);
          const stopped = described.failures?.filter(({ reason }) => reason === 'MISSING').length ?? 0;
          if ((described.tasks?.length ?? 0) + stopped < tasks.length)
            required(undefined, 'some of the tasks');
          for (const task of required(described.tasks, 'tasks'))
            found.push(required(task.taskDefinitionArn, 'tasks[].taskDefinitionArn'));
        }
        nextToken = listed.nextToken;
        if (!nextToken) return [...new Set(found)];
      }
    },
  };
}
