import { balancerStore } from '../balancer/store.ts';
import { tasksWithAddress } from '../ecs/room.ts';
import { ecsStore } from '../ecs/store.ts';
import { AwsError } from '../world/service.ts';
import { allOf, type Here } from './kinds.ts';
import { isGone } from './nat-gateways.ts';
import type { SecurityGroup, Subnet } from './state.ts';

/** EC2's refusal to delete what something else still needs. It does not say what that is. */
export function dependency(what: string, id: string): AwsError {
  return new AwsError('DependencyViolation', `The ${what} '${id}' has dependencies and cannot be deleted.`);
}

const balancersOf = ({ world, account, region }: Here) =>
  Object.values(balancerStore(world, account, region).balancers);

/** Whether anything has an address in a subnet: tasks, load balancers, NAT gateways, endpoints, and what a seed says. */
export function isOccupied(here: Here, { id, heldByOthers }: Subnet): boolean {
  const { world, account, region } = here;
  return (
    heldByOthers > 0 ||
    tasksWithAddress(world, account, region).some(({ subnet }) => subnet.id === id) ||
    balancersOf(here).some(({ zones }) => zones.some(({ subnetId }) => subnetId === id)) ||
    Object.values(allOf(here, 'natgateway')).some((nat) => nat.subnet === id && !isGone(nat, here)) ||
    Object.values(allOf(here, 'vpc-endpoint')).some(({ subnets }) => subnets.includes(id))
  );
}

/** Whether something has a group, or a rule of another group names it. */
export function isUsed(here: Here, { id }: SecurityGroup): boolean {
  const { world, account, region } = here;
  const named = Object.values(allOf(here, 'security-group')).some(
    (other) =>
      other.id !== id && other.rules?.some(({ peer }) => 'group' in peer && peer.group === id) === true,
  );
  const running = Object.values(ecsStore(world, account, region).services).filter(
    ({ tasks }) => tasks.length > 0,
  );
  return (
    named ||
    running.some(({ settings }) => settings.securityGroups.includes(id)) ||
    balancersOf(here).some(({ securityGroups }) => securityGroups.includes(id)) ||
    Object.values(allOf(here, 'vpc-endpoint')).some(({ groups }) => groups.includes(id))
  );
}
