import type { Service, Task } from '@aws-sdk/client-ecs';
import type { ObservedTask } from '@tenant-delivery/credentials/secrets-manager/ports';
import { registrationsOf } from '@tenant-delivery/deployment/health/registrations';
import type { TargetReader } from '@tenant-delivery/deployment/ports';
import { secretUses } from '@tenant-delivery/deployment/task-definition/secret-uses';
import { containersOf, isObject } from '@tenant-delivery/deployment/task-definition/task-definition';
import { required } from '../errors/translate.ts';
import type { ClusterReader } from './cluster.ts';
import { addressOf } from './task-of.ts';

interface Looked {
  readonly secret: string;
  readonly cluster: Pick<ClusterReader, 'definition'>;
  readonly targets: Pick<TargetReader, 'targets'>;
}

/** Every task that is given the secret. */
export async function observeTasks(
  { secret, cluster, targets }: Looked,
  services: readonly Service[],
  tasks: readonly Task[],
): Promise<readonly ObservedTask[]> {
  const groups = new Map<string, Promise<ReadonlySet<string>>>();
  /** The addresses that a target group calls healthy. */
  const healthyIn = (group: string): Promise<ReadonlySet<string>> => {
    const asked =
      groups.get(group) ??
      targets
        .targets(group)
        .then((all) => new Set(all.flatMap(({ address, state }) => (state === 'healthy' ? [address] : []))));
    groups.set(group, asked);
    return asked;
  };
  const groupsOf = new Map(services.map((each) => [each.serviceName, registrationsOf(each)] as const));
  const found = tasks.map(async (task): Promise<readonly ObservedTask[]> => {
    const taskDefinition = required(task.taskDefinitionArn, 'tasks[].taskDefinitionArn');
    const { document } = await cluster.definition(taskDefinition);
    const uses = secretUses(document, secret);
    if (!isGiven(uses)) return [];
    const service = /^service:(.+)$/.exec(task.group ?? '')?.[1];
    const address = addressOf(task);
    const registrations = groupsOf.get(service) ?? [];
    // of a pair that alternates the task is in one
    const inEach = await Promise.all(
      registrations.map(async ({ targetGroup, alternate }) => {
        const sides = await Promise.all([targetGroup, ...(alternate ? [alternate] : [])].map(healthyIn));
        return sides.some((side) => address !== undefined && side.has(address));
      }),
    );
    return [
      {
        id: required(task.taskArn, 'tasks[].taskArn').split('/').at(-1) ?? '',
        service,
        taskDefinition,
        uses,
        createdAt: required(task.createdAt, 'tasks[].createdAt').getTime(),
        running: task.desiredStatus === 'RUNNING',
        healthy: task.lastStatus === 'RUNNING' && inEach.every(Boolean) && isWell(task, document),
        pulled: isFargate(task.launchType, [task.capacityProviderName]) && task.pullStoppedAt !== undefined,
      },
    ];
  });
  return (await Promise.all(found)).flat();
}

/** By the containers' own checks, where there are any. */
function isWell(task: Task, document: Parameters<typeof containersOf>[0]): boolean {
  const checked = containersOf(document).some(({ healthCheck }) => isObject(healthCheck));
  return !checked || task.healthStatus === 'HEALTHY';
}

export function isGiven({ pins, loose, fixed }: ReturnType<typeof secretUses>): boolean {
  return pins.length > 0 || loose || fixed;
}

export function isFargate(
  launchType: string | undefined,
  providers: readonly (string | undefined)[],
): boolean {
  return launchType === 'FARGATE' || providers.some((name) => name?.startsWith('FARGATE'));
}
