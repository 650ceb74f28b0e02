import type { Admission } from '@tenant-delivery/delivery';
import type { DeploymentReport, LoadBalancer, TargetGroup } from '@tenant-delivery/deployment';
import { failures } from './failures.ts';
import type { VerifyWorld } from './verify-world.ts';

export interface Place {
  readonly loadBalancer: LoadBalancer;
  readonly targetGroup: TargetGroup;
}

/**
 * The target group that ECS resolved for this very revision, proven to be the agreed one behind the agreed internal
 * balancer. Without a revision (nothing was deployed) it is the agreed one by name.
 */
export async function findTargets(
  { services, targets }: Pick<VerifyWorld, 'services' | 'targets'>,
  { names }: Admission,
  report: DeploymentReport,
): Promise<Place> {
  const [loadBalancer, revision] = await Promise.all([
    targets.loadBalancer(names.loadBalancer),
    report.serviceRevision === null ? undefined : services.revision(report.serviceRevision),
  ]);
  if (loadBalancer?.scheme !== 'internal') {
    throw failures.balancerNotInternal(names.loadBalancer, loadBalancer?.scheme);
  }
  const resolved = revision?.targetGroups ?? [names.targetGroup];
  const groups = await Promise.all(resolved.map((each) => targets.targetGroup(each)));
  const targetGroup = groups.find((group) => group?.name === names.targetGroup);
  if (!targetGroup) {
    const found = groups.map((group) => group?.name ?? 'one that does not exist').join(', ') || 'none';
    throw failures.targetGroupForeign(
      `the contract names ${names.targetGroup}, the service registers with ${found}`,
    );
  }
  if (!targetGroup.loadBalancers.includes(loadBalancer.arn)) {
    throw failures.targetGroupForeign(`${targetGroup.name} is on no listener of ${loadBalancer.name}`);
  }
  return { loadBalancer, targetGroup };
}

/** A health path of the manifest that nobody asks for: it is the balancer's that decides. */
export function sayOtherPath({ loadBalancer, targetGroup }: Place, wish: string): readonly string[] {
  const { path } = targetGroup.healthCheck;
  return path === wish
    ? []
    : [
        `The manifest names ${wish} as the health path, and ${loadBalancer.name} asks for ${path ?? 'none'}: changing it is not supported yet.`,
      ];
}

/** What the balancer asks of a task before it calls it healthy. */
export function sayHealthCheck({ loadBalancer, targetGroup }: Place): string {
  const { path, port, matcher, timeoutSeconds } = targetGroup.healthCheck;
  const asks = `${loadBalancer.name} asks tasks of ${targetGroup.name} for ${path ?? 'no path'} on ${port ?? 'no port'}`;
  return `${asks} and wants ${matcher ?? 'an answer'} within ${timeoutSeconds ?? 'some'} s`;
}
