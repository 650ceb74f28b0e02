import type { Admission } from '@tenant-delivery/delivery';
import { judgeHealth, neededTasks, type RolloutEntry, type Service } from '@tenant-delivery/deployment';
import type { DeployWorld } from './deploy-world.ts';
import { failures } from './failures.ts';
import type { Prepared } from './prepare.ts';

/** The deployment of this service that has not ended, if there is one. */
export function unfinished({ deployments }: Service): RolloutEntry | undefined {
  return deployments.find(({ primary, rolloutState }) => primary && rolloutState === 'IN_PROGRESS');
}

/**
 * `unchanged` is said of a service that is well, never of one that merely has the right task definition: one look
 * at its tasks and targets, without waiting.
 */
export async function assertSteady(
  { services, targets }: Pick<DeployWorld, 'services' | 'targets'>,
  { names, target, environment }: Admission,
  { service, current, container, port, digests }: Prepared,
): Promise<void> {
  const rollout = unfinished(service);
  if (rollout) throw failures.deploymentInProgress(target.service, rollout.id);
  const group = await targets.targetGroup(names.targetGroup);
  if (!group)
    throw failures.serviceNotSteady(target.service, `there is no target group ${names.targetGroup}`);
  const [running, states] = await Promise.all([
    services.tasks(names.cluster, target.service, 'RUNNING'),
    targets.targets(group.arn),
  ]);
  const judgement = judgeHealth({
    tasks: running.filter(({ taskDefinition }) => taskDefinition === current.arn),
    groups: [{ name: group.name, port, targets: states, healthCheck: group.healthCheck }],
    needed: neededTasks(0, service.desired),
    container,
    digests,
    zones: { agreed: environment.zones.length },
  });
  switch (judgement.kind) {
    case 'good':
      return;
    case 'waiting':
      throw failures.serviceNotSteady(target.service, judgement.on);
    case 'wrong-image':
      throw failures.serviceNotSteady(target.service, `task ${judgement.task} runs ${judgement.digest}`);
    default:
      throw failures.serviceNotSteady(target.service, judgement.what);
  }
}
