import { Failure } from '@tenant-delivery/action-kit/failure';
import { registrationOf, targetGroupName } from '@tenant-delivery/deployment/health/registrations';
import type { LoadBalancer, TargetGroup } from '@tenant-delivery/deployment/observed';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import { failures } from '../failures.ts';
import type { HealthWorld } from '../verify-world.ts';
import type { PlacedGroup, RegisteredTargets } from './subject.ts';

/**
 * Every target group that ECS registers this revision with, proven to be behind balancers. A service may register in
 * several, and must be healthy in each. Throws TARGET_GROUP_UNUSED for a group that no listener sends to.
 */
export async function findTargets(
  { targets, runner }: Pick<HealthWorld, 'targets' | 'runner'>,
  { groups: named, registrations }: RegisteredTargets,
  port: number | undefined,
  known?: LoadBalancer,
): Promise<readonly PlacedGroup[]> {
  const groups = await Promise.all(
    named.map(async (each) => {
      const found = await targets.targetGroup(each);
      if (!found) throw failures.targetGroupForeign(`${each} does not exist`);
      return found;
    }),
  );
  const arns = [...new Set(groups.flatMap(({ loadBalancers }) => loadBalancers))];
  const [balancers, slow] = await Promise.all([
    Promise.all(arns.map((arn) => (arn === known?.arn ? known : targets.loadBalancer(arn)))),
    Promise.all(groups.map(({ arn }) => slowStart({ targets, runner }, arn))),
  ]);
  return groups.map((group, index) => ({
    group,
    port: registrationOf(registrations, group.arn)?.port ?? port,
    balancers: balancers.flatMap((each) => (each && group.loadBalancers.includes(each.arn) ? [each] : [])),
    slowStartSeconds: slow[index],
  }));
}

/** Proves that the contract names one of the groups and its balancer, and that every balancer is internal. */
export function requireAgreed(
  { names }: Pick<Admission, 'names'>,
  agreed: LoadBalancer | undefined,
  placed: readonly PlacedGroup[],
  { registrations }: RegisteredTargets,
): void {
  if (agreed?.scheme !== 'internal') throw failures.balancerNotInternal(names.loadBalancer, agreed?.scheme);
  const own = placed.find(({ group }) => isAgreed(names.targetGroup, group, registrations));
  if (!own) {
    const found = placed.map(({ group }) => group.name).join(', ') || 'none';
    throw failures.targetGroupForeign(
      `the contract names ${names.targetGroup}, the service registers with ${found}`,
    );
  }
  if (!own.group.loadBalancers.includes(agreed.arn)) {
    throw failures.targetGroupForeign(`${own.group.name} is on no listener of ${agreed.name}`);
  }
  requireListeners(placed);
  const facing = placed.flatMap(({ balancers }) => balancers).find(({ scheme }) => scheme !== 'internal');
  if (facing) throw failures.balancerNotInternal(facing.name, facing.scheme);
}

/** A group that no listener sends to never has a healthy target, so nobody waits for one. */
export function requireListeners(placed: readonly PlacedGroup[]): void {
  const unused = placed.find(({ group }) => group.loadBalancers.length === 0);
  if (unused) throw failures.targetGroupUnused(unused.group.name);
}

/** With blue/green the live group is one of a pair, and the contract may name either. */
function isAgreed(
  name: string,
  group: TargetGroup,
  registrations: RegisteredTargets['registrations'],
): boolean {
  if (group.name === name) return true;
  const pair = registrationOf(registrations, group.arn);
  const other = pair?.targetGroup === group.arn ? pair.alternate : pair?.targetGroup;
  return other !== undefined && targetGroupName(other) === name;
}

/** Whether a group starts slowly is only told, so verifying goes on without the right to know. */
async function slowStart(
  { targets, runner }: Pick<HealthWorld, 'targets' | 'runner'>,
  group: string,
): Promise<number | undefined> {
  try {
    return await targets.slowStartSeconds(group);
  } catch (thrown) {
    if (!(thrown instanceof Failure) || thrown.code !== 'AWS_DENIED') throw thrown;
    runner.warning(`Whether ${targetGroupName(group)} starts slowly is not known: ${thrown.message}`);
    return undefined;
  }
}

/** A health path of the manifest that nobody asks for: it is the balancer's that decides. */
export function sayOtherPath(placed: readonly PlacedGroup[], wish: string): readonly string[] {
  return placed
    .filter(({ group }) => group.healthCheck.path !== wish)
    .map(
      ({ group, balancers }) =>
        `The manifest names ${wish} as the health path, and ${nameOf(balancers)} asks for ${group.healthCheck.path ?? 'none'}: changing it is not supported yet.`,
    );
}

/** What the balancer asks of a task before it calls it healthy. */
export function sayHealthCheck({ group, balancers }: PlacedGroup): string {
  const { path, port, matcher, timeoutSeconds } = group.healthCheck;
  const asks = `${nameOf(balancers)} asks tasks of ${group.name} for ${path ?? 'no path'} on ${port ?? 'no port'}`;
  return `${asks} and wants ${matcher ?? 'an answer'} within ${timeoutSeconds ?? 'some'} s`;
}

function nameOf(balancers: readonly LoadBalancer[]): string {
  return balancers.map(({ name }) => name).join(', ') || 'the balancer';
}
