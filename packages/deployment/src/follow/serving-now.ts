import { Failure } from '@tenant-delivery/action-kit/failure';
import type { Task } from '../observed.ts';
import { lastOf } from '../plain-names.ts';
import type { ServingNow } from './deployment-report.ts';
import type { FollowPorts } from './follow-ports.ts';
import type { Observation } from './judge.ts';
import type { FollowSubject } from './snapshot.ts';

/**
 * What serves after a deployment that ended badly and was not taken back: nobody else will say so at 3 a.m. What can't
 * be seen is left open, never taken for nothing.
 */
export async function servingNow(
  { services, targets, runner }: FollowPorts,
  { ref, start, port }: FollowSubject,
  last: Observation | undefined,
): Promise<ServingNow> {
  const { cluster } = ref.names;
  const name = ref.target.service;
  const revisions = [start.serviceRevision, ...(last?.deployment.sources ?? []).map((each) => each.revision)];
  const [service, running, groups] = await Promise.all([
    orUnknown(services.service(cluster, name)),
    orUnknown(services.tasks(cluster, name, 'RUNNING')),
    Promise.all(
      revisions
        .filter((revision) => revision?.startsWith('arn:'))
        .slice(0, 3)
        .map((revision) => orUnknown(services.revision(revision ?? ''))),
    ),
  ]);
  const arns = [...new Set(groups.flatMap((revision) => revision?.targetGroups ?? []))];
  const states = await Promise.all(arns.map((arn) => orUnknown(targets.targets(arn))));
  const healthy = new Set(
    states
      .flatMap((each) => each ?? [])
      .filter((each) => each.state === 'healthy' && (each.port ?? port) === port)
      .map(({ address }) => address),
  );
  const known = running !== undefined && arns.length > 0 && !states.includes(undefined);
  const serving: ServingNow = {
    taskDefinition: service?.taskDefinition ?? null,
    desired: service?.desired ?? null,
    running: countBy(running ?? []),
    healthy: known
      ? countBy(running.filter(({ address }) => address !== undefined && healthy.has(address)))
      : null,
  };
  runner.info(`What serves now: ${sayServing(serving)}`);
  return serving;
}

/** What runs, whether it is well, and what the service would have instead. */
export function sayServing({ taskDefinition, desired, running, healthy }: ServingNow): string {
  const tasks = Object.entries(running).map(([arn, count]) => {
    const well = healthy === null ? 'health unknown' : `${healthy[arn] ?? 0} healthy`;
    return `${count} ${count === 1 ? 'task' : 'tasks'} of ${lastOf(arn)} (${well})`;
  });
  const wants = `${desired ?? 'an unknown number'} of ${taskDefinition === null ? 'what could not be read' : lastOf(taskDefinition)}`;
  return `${tasks.join(', ') || 'no task'}; the service wants ${wants}`;
}

function countBy(tasks: readonly Task[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { taskDefinition } of tasks) counts[taskDefinition] = (counts[taskDefinition] ?? 0) + 1;
  return counts;
}

async function orUnknown<T>(work: Promise<T>): Promise<T | undefined> {
  return work.catch((thrown: unknown) => {
    if (thrown instanceof Failure) return undefined;
    throw thrown;
  });
}
