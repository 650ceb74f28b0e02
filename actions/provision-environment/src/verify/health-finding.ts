import { inOrder } from '@tenant-delivery/action-kit/in-order';
import { zonesRequired } from '@tenant-delivery/deployment/health/zones';
import type { ServiceMembers } from '@tenant-delivery/deployment/service-members';
import type { StacksAdmission } from '@tenant-delivery/tenancy/stacks-admission';
import type { VerifyWorld } from '../ports.ts';
import type { Finding } from './findings.ts';

/** Whether tasks of a service are healthy behind its target groups in as many zones as were agreed. */
export async function healthFinding(
  { services, targets }: VerifyWorld,
  { environment }: StacksAdmission,
  called: string,
  { attached, desired }: ServiceMembers,
): Promise<Finding> {
  const check = `${called}: healthy in every zone`;
  const [tasks, found] = await inOrder([
    services.tasks(environment.cluster, called, 'RUNNING'),
    Promise.all(attached.map(({ targetGroup }) => targets.targets(targetGroup))),
  ]);
  const states = found.flat();
  const healthy = new Set(states.filter(({ state }) => state === 'healthy').map(({ address }) => address));
  const zones = new Set(
    tasks.flatMap(({ address, zone }) =>
      address !== undefined && zone !== undefined && healthy.has(address) ? [zone] : [],
    ),
  );
  const needed = zonesRequired(environment.zones.length, desired);
  const observed = `${healthy.size} targets are healthy, in ${zones.size} of ${needed} zones`;
  if (zones.size >= needed && needed > 0) return { check, result: 'pass', observed, remedy: '' };
  const ill = states.find(({ state }) => state === 'unhealthy');
  const why = ill
    ? `; ${ill.address} is unhealthy: ${ill.description ?? ill.reason ?? 'no reason given'}`
    : '';
  return {
    check,
    result: 'fail',
    observed: `${observed}${why}`,
    remedy: `Look at the events of the service: \`aws ecs describe-services --cluster ${environment.cluster} --services ${called}\`.`,
  };
}
