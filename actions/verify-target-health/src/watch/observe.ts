import { isTaskOf, servingTasks } from '@tenant-delivery/deployment/follow/own-tasks';
import { type HealthSample, isHealthy, taskHealth } from '@tenant-delivery/deployment/health/health-sample';
import { neededTasks } from '@tenant-delivery/deployment/health/judge-health';
import type { Service, Task } from '@tenant-delivery/deployment/observed';
import type { Subject } from '../subject/subject.ts';
import type { HealthWorld } from '../verify-world.ts';

/** One sample, or the words for what replaced this deployment, or that the service is to have no task. */
export type Observation = HealthSample | { readonly supersededBy: string } | { readonly atRest: true };

/** Looks once at the tasks of this deployment and at their targets. Stopped tasks are asked for while none is healthy. */
export async function observe(
  { services, targets, clock }: HealthWorld,
  subject: Subject,
): Promise<Observation> {
  const { cluster, service: name, groups, taskDefinition } = subject;
  const [service, running, ...states] = await Promise.all([
    services.service(cluster, name),
    services.tasks(cluster, name, 'RUNNING'),
    ...groups.map(({ group }) => targets.targets(group.arn)),
  ]);
  if (service?.taskDefinition !== taskDefinition) {
    return { supersededBy: service?.taskDefinition ?? 'nothing' };
  }
  if (service.desired < 1) return { atRest: true };
  const sample: HealthSample = {
    tasks: servingTasks(running, subject),
    groups: groups.map(({ group, port, slowStartSeconds }, index) => ({
      name: group.name,
      port,
      targets: states[index] ?? [],
      healthCheck: group.healthCheck,
      slowStartSeconds,
    })),
    needed: neededTasks(subject.base, service.desired, subject.requested),
    container: subject.container,
    digests: subject.digests,
    zones: subject.zones,
    grace: {
      now: clock.now(),
      until: subject.deployedUntil + subject.graceSeconds * 1000,
      seconds: Math.max(subject.graceSeconds, graceOf(service)),
    },
  };
  if (taskHealth(sample).some(isHealthy)) return sample;
  return { ...sample, stopped: await stoppedTasks({ services }, subject) };
}

export async function stoppedTasks(
  { services }: Pick<HealthWorld, 'services'>,
  subject: Subject,
): Promise<readonly Task[]> {
  const stopped = await services.tasks(subject.cluster, subject.service, 'STOPPED');
  return stopped.filter((task) => isTaskOf(task, subject));
}

/** How long ECS itself ignores the balancer, counted from the start of a task. */
export function graceOf({ document }: Service): number {
  const seconds = document['healthCheckGracePeriodSeconds'];
  return typeof seconds === 'number' ? seconds : 0;
}
