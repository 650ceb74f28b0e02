import type { Service, Task } from '@aws-sdk/client-ecs';
import type { TaskDefinition } from '@tenant-delivery/deployment/observed';
import { everyRow } from '../errors/every-row.ts';
import { failureOf, translated } from '../errors/translate.ts';
import type { ClientConfig } from '../session/client-config.ts';
import { allButGone, partsOf, TASKS_AT_ONCE } from './described.ts';
import { ecsClient } from './ecs-client.ts';
import { isUnknownTaskDefinition, taskDefinitionOf } from './task-definition-of.ts';
import { documentOf } from './unknown-members.ts';

const SERVICES_AT_ONCE = 10; // the most that DescribeServices takes

/** Everything that runs in one cluster, as ECS describes it. Read only. */
export interface ClusterReader {
  services(): Promise<readonly Service[]>;
  /** As it is now; `undefined` when there is none of that name. */
  service(name: string): Promise<Service | undefined>;
  /** Those that run or still stop, of services and beside them. */
  tasks(): Promise<readonly Task[]>;
  /** A revision never changes, so each is asked for once. */
  definition(arn: string): Promise<TaskDefinition>;
  /** The newest active revision of a family. */
  latest(family: string): Promise<TaskDefinition | undefined>;
}

/** `include`: what ECS tells of a service only when it is asked for it. */
export function ecsCluster(
  config: ClientConfig,
  cluster: string,
  include: readonly 'TAGS'[] = [],
): ClusterReader {
  const ecs = ecsClient(config);
  const known = new Map<string, Promise<TaskDefinition>>();

  const describe = async (arnOrFamily: string): Promise<TaskDefinition> => {
    const asked = { taskDefinition: arnOrFamily, include: ['TAGS' as const] };
    const answer = await ecs.send((sdk) => new sdk.DescribeTaskDefinitionCommand(asked));
    return taskDefinitionOf(documentOf(answer));
  };
  const describeServices = async (services: string[]): Promise<readonly Service[]> => {
    const sent = ecs.send(
      (sdk) => new sdk.DescribeServicesCommand({ cluster, services, include: [...include] }),
    );
    const answer = await translated('ecs:DescribeServices', sent);
    return allButGone(answer.services, answer.failures, services.length, 'services');
  };
  const describeTasks = async (tasks: string[]): Promise<readonly Task[]> => {
    const sent = ecs.send((sdk) => new sdk.DescribeTasksCommand({ cluster, tasks }));
    const answer = await translated('ecs:DescribeTasks', sent);
    return allButGone(answer.tasks, answer.failures, tasks.length, 'tasks');
  };
  const listTasks = (desiredStatus: 'RUNNING' | 'STOPPED') => {
    const pages = ecs.pages((sdk, client) => sdk.paginateListTasks({ client }, { cluster, desiredStatus }));
    return everyRow('ecs:ListTasks', pages, 'taskArns');
  };

  return {
    services: async () => {
      const pages = ecs.pages((sdk, client) =>
        sdk.paginateListServices({ client }, { cluster, maxResults: 100 }),
      );
      const arns = await everyRow('ecs:ListServices', pages, 'serviceArns');
      return (await Promise.all(partsOf(arns, SERVICES_AT_ONCE).map(describeServices))).flat();
    },
    service: async (name) => (await describeServices([name]))[0],
    tasks: async () => {
      const listed = await Promise.all([listTasks('RUNNING'), listTasks('STOPPED')]);
      const arns = [...new Set(listed.flat())];
      const found = await Promise.all(partsOf(arns, TASKS_AT_ONCE).map(describeTasks));
      return found.flat().filter((task) => task.lastStatus !== 'STOPPED');
    },
    definition: (arn) => {
      const asked = known.get(arn) ?? translated<TaskDefinition>('ecs:DescribeTaskDefinition', describe(arn));
      known.set(arn, asked);
      asked.catch(() => known.delete(arn));
      return asked;
    },
    latest: async (family) => {
      try {
        return await describe(family);
      } catch (cause) {
        if (isUnknownTaskDefinition(cause)) return undefined;
        throw failureOf('ecs:DescribeTaskDefinition', cause);
      }
    },
  };
}
