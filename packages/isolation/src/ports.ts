import type { Digest } from '@tenant-delivery/domain';
import type { PlacedBalancer, PlacedTargetGroup, Role, Secret, Subnet } from './observed.ts';

/**
 * What surrounds a service, looked at without changing anything and without reading a secret's value. `undefined` and
 * an absent entry are AWS's own "there is no such thing"; whatever could not be observed throws.
 */
export interface PreflightReader {
  /** By name, without its path. */
  role(name: string): Promise<Role | undefined>;
  /** By ARN or name. */
  secret(id: string): Promise<Secret | undefined>;
  /** Those of these parameters that exist, by name. */
  parameters(names: readonly string[]): Promise<readonly string[]>;
  logGroupExists(name: string): Promise<boolean>;
  /** Those that exist. */
  subnets(ids: readonly string[]): Promise<readonly Subnet[]>;
  /** By ARN; those that exist. */
  targetGroups(arns: readonly string[]): Promise<readonly PlacedTargetGroup[]>;
  balancer(name: string): Promise<PlacedBalancer | undefined>;
  /** `linux/amd64`, of an image of one platform: no manifest names it. */
  platform(repository: string, image: Digest): Promise<string>;
}
