import type { World } from '../world/world.ts';

export interface Subnet {
  readonly id: string;
  readonly vpc: string;
  readonly cidr: string;
  /** `eu-west-1a`: this account's name of the zone. */
  readonly zone: string;
  /** `euw1-az1`: the same zone in every account. */
  readonly zoneId: string;
  /** Addresses that something other than a task has: a load balancer, a database. */
  heldByOthers: number;
  readonly tags: Readonly<Record<string, string>>;
}

export interface SecurityGroup {
  readonly id: string;
  readonly vpc: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Ec2State {
  readonly vpcs: Record<string, { readonly id: string; readonly cidr: string }>;
  readonly subnets: Record<string, Subnet>;
  readonly securityGroups: Record<string, SecurityGroup>;
}

export function ec2Of(world: Pick<World, 'state'>, account: string, region: string): Ec2State {
  return world.state<Ec2State>('ec2', account, region, () => ({ vpcs: {}, subnets: {}, securityGroups: {} }));
}
