import type { Json } from '@tenant-delivery/domain';
import { objectIn, objectsIn, textIn } from '../by-hand/json-answer.ts';
import { jsonCaller } from '../by-hand/signed-call.ts';
import { failureOf, required, translated } from '../errors/translate.ts';
import type { clientConfig } from '../session/client-config.ts';
import { ECS } from './ecs-call.ts';
import { isUnknownTaskDefinition } from './task-definition-of.ts';

const SERVICES_AT_ONCE = 10;
const TASKS_AT_ONCE = 100;

/** Everything that runs in one cluster, as ECS describes it. Read only. */
export interface ClusterReader {
  services(): Promise<readonly Json[]>;
  /** As it is now; `undefined` when there is none of that name. */
  service(name: string): Promise<Json | undefined>;
  /** Those that run or still stop, of services and beside them. */
  tasks(): Promise<readonly Json[]>;
  /** A revision never changes, so each is asked for once. */
  definition(arn: string): Promise<Json>;
  /** The newest active revision of a family. */
  latest(family: string): Promise<Json | undefined>;
}

export function ecsCluster(config: ReturnType<typeof clientConfig>, cluster: string): ClusterReader {
  const call = jsonCaller(ECS, config);
  const known = new Map<string, Promise<Json>>();

  const describe = async (arnOrFamily: string): Promise<Json> => {
    const answer = await call('DescribeTaskDefinition', { taskDefinition: arnOrFamily, include: ['TAGS'] });
    required(objectIn(answer, 'taskDefinition'), 'taskDefinition');
    return answer;
  };
  const list = async (
    operation: 'ListServices' | 'ListTasks',
    member: string,
    more: { readonly [member: string]: Json },
  ) => {
    const found: string[] = [];
    for (let nextToken: string | undefined; ; ) {
      const sent = call(operation, { cluster, ...more, ...(nextToken !== undefined && { nextToken }) });
      const answer = await translated(`ecs:${operation}`, sent);
      found.push(...required(objectsIn(answer, member), member).map(String));
      nextToken = textIn(answer, 'nextToken');
      if (nextToken === undefined) return found;
    }
  };
  const inParts = async (
    operation: 'DescribeServices' | 'DescribeTasks',
    member: string,
    arns: readonly string[],
    most: number,
  ): Promise<readonly Json[]> => {
    const parts = Array.from({ length: Math.ceil(arns.length / most) }, (_, part) =>
      arns.slice(part * most, (part + 1) * most),
    );
    const answers = parts.map(async (names) => {
      const answer = await translated(`ecs:${operation}`, call(operation, { cluster, [member]: names }));
      const found = required(objectsIn(answer, member), member);
      // what went between listing and describing is left out by ECS, with the reason MISSING
      const gone = (objectsIn(answer, 'failures') ?? []).filter((one) => textIn(one, 'reason') === 'MISSING');
      if (found.length + gone.length < names.length) required(undefined, `some of the ${member}`);
      return found;
    });
    return (await Promise.all(answers)).flat();
  };

  return {
    services: async () =>
      inParts(
        'DescribeServices',
        'services',
        await list('ListServices', 'serviceArns', { maxResults: 100 }),
        SERVICES_AT_ONCE,
      ),
    service: async (name) => (await inParts('DescribeServices', 'services', [name], 1))[0],
    tasks: async () => {
      const statuses = ['RUNNING', 'STOPPED'] as const;
      const arns = await Promise.all(
        statuses.map((desiredStatus) => list('ListTasks', 'taskArns', { desiredStatus })),
      );
      const found = await inParts('DescribeTasks', 'tasks', [...new Set(arns.flat())], TASKS_AT_ONCE);
      return found.filter((task) => textIn(task, 'lastStatus') !== 'STOPPED');
    },
    definition: (arn) => {
      const asked = known.get(arn) ?? translated('ecs:DescribeTaskDefinition', describe(arn));
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
