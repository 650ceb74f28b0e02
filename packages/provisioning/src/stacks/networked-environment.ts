import type { EnvironmentContract, TenantContract } from '@tenant-delivery/tenancy/contract';
import type { NetworkAgreement } from '@tenant-delivery/tenancy/network-agreement';
import { environmentOf } from '../values.ts';
import type { Tags } from './template.ts';

/** An environment whose network a contract asks for. */
export interface NetworkedEnvironment {
  readonly contract: TenantContract;
  readonly name: string;
  readonly environment: EnvironmentContract;
  readonly network: NetworkAgreement;
  /** What everything in the environment carries: checks, roles and bills know it by these. */
  readonly tags: Tags;
}

/** `undefined` when the contract asks for no network, because it is made by other means. */
export function networkedEnvironment(
  contract: TenantContract,
  name: string,
): NetworkedEnvironment | undefined {
  const environment = environmentOf(contract, name);
  const { network } = environment;
  return network && { contract, name, environment, network, tags: tagsOf(contract, name) };
}

export function tagsOf({ id }: TenantContract, name: string): Tags {
  return { tenant: id, environment: name, 'tenant-delivery:contract': `${id}/${name}` };
}
