import { inProgress } from '@tenant-delivery/deployment/follow/in-progress';
import { judgeHealth, neededTasks } from '@tenant-delivery/deployment/health/judge-health';
import { registrationsOf } from '@tenant-delivery/deployment/health/registrations';
import type { ServiceRef } from '@tenant-delivery/deployment/service-ref';
import type { Digest } from '@tenant-delivery/domain';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import type { PlanPorts } from '../deploy-world.ts';
import { failures } from '../failures.ts';
import type { ObservedService } from './observe-service.ts';
import type { Prepared } from './prepare.ts';

type Looking = Pick<PlanPorts, 'services' | 'targets' | 'clock'>;

/** Where and how a service that is well must be found. */
interface Expected {
  readonly container: string;
  readonly digests: ReadonlySet<Digest> | 'any';
  /** In how many zones. */
  readonly zones: number;
  /** By ARN or name, with the other one of a pair that traffic shifts between. */
  readonly groups: readonly {
    readonly group: string;
    readonly alternate: string | undefined;
    readonly port: number | undefined;
  }[];
}

/**
 * `unchanged` is said of a service that is well, never of one that merely has the right task definition: one look
 * at its tasks and targets, without waiting.
 */
export async function assertSteady(world: Looking, admission: Admission, prepared: Prepared): Promise<void> {
  const { container, port, digests, service } = prepared;
  const group = admission.names.targetGroup;
  const registered = registrationsOf(service.document).find(({ targetGroup }) =>
    targetGroup.includes(`/${group}/`),
  );
  await assertWell(world, admission, prepared, {
    container,
    digests,
    zones: admission.environment.zones.length,
    groups: [{ group, alternate: registered?.alternate, port }],
  });
}

/** The same of a service that nothing was agreed about: in the groups that it registers in, if there are any. */
export async function assertSteadyAlone(
  world: Looking,
  ref: ServiceRef,
  seen: ObservedService,
  container: string,
): Promise<void> {
  const groups = registrationsOf(seen.service.document).map(({ targetGroup, alternate, port }) => ({
    group: targetGroup,
    alternate,
    port,
  }));
  await assertWell(world, ref, seen, { container, digests: 'any', zones: 1, groups });
}

async function assertWell(
  world: Looking,
  ref: ServiceRef,
  { service, current }: ObservedService,
  { container, digests, zones, groups }: Expected,
): Promise<void> {
  const { services, targets } = world;
  const { names, target } = ref;
  const other = await inProgress(world, ref, service);
  if (other) throw failures.deploymentInProgress(target.service, other.id);
  if (groups.length === 0) {
    if (service.running >= service.desired) return;
    throw failures.serviceNotSteady(target.service, `${service.running} of ${service.desired} tasks run`);
  }
  const [running, ...samples] = await Promise.all([
    services.tasks(names.cluster, target.service, 'RUNNING'),
    ...groups.map(async ({ group, alternate, port }) => {
      const found = await targets.targetGroup(group);
      if (!found) throw failures.serviceNotSteady(target.service, `there is no target group ${group}`);
      // Of a pair the live one is sometimes this, sometimes the other; a task is registered in one of them.
      const pair = [found.arn, ...(alternate === undefined ? [] : [alternate])];
      const states = (await Promise.all(pair.map((arn) => targets.targets(arn)))).flat();
      return { name: found.name, port, targets: states, healthCheck: found.healthCheck };
    }),
  ]);
  const judgement = judgeHealth({
    tasks: running.filter(({ taskDefinition }) => taskDefinition === current.arn),
    groups: samples,
    needed: neededTasks(0, service.desired),
    container,
    digests,
    zones: { agreed: zones },
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
