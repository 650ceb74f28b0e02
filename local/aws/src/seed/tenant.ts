import { issueKey, keysOf } from '../world/keys.ts';
import type { LocalWorld } from '../world/local-world.ts';
import { hasNetwork, readContract } from './contract.ts';
import { type GivenIdentity, seedIdentity } from './identity.ts';
import { seedNetwork } from './network.ts';
import { placeOf } from './place.ts';
import { seedWorkload } from './workload.ts';

export interface TenantSeed {
  /** What a provider applies in each environment: roles, keys, vault. */
  readonly identities: Readonly<Record<string, GivenIdentity>>;
  /** The path that the load balancer asks for a target's health; `/healthz` when absent. */
  readonly healthPath?: string;
}

export interface OperatorKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The user by whose key the provider works in a seeded account. */
export function operatorArn({
  partition,
  account,
}: {
  readonly partition: string;
  readonly account: string;
}): string {
  return `arn:${partition}:iam::${account}:user/operator`;
}

/**
 * Makes everything that a tenant contract names, in its own account, with the identity that a provider applies.
 * What is there already is kept or updated. Answers a key of the account's operator.
 */
export async function seedTenant(
  world: LocalWorld,
  contract: unknown,
  { identities, healthPath = '/healthz' }: TenantSeed,
): Promise<OperatorKey> {
  const tenant = readContract(contract);
  const { account } = tenant;
  const operator = operatorArn(tenant);
  world.addAccount(account);
  for (const [name, environment] of Object.entries(tenant.environments)) {
    const place = placeOf(tenant, name, environment);
    const identity = identities[name];
    if (!identity) throw new Error(`no identity was given for ${tenant.id} ${name}`);
    seedIdentity(world, place, identity);
    if (!hasNetwork(environment)) continue; // its stacks make the rest
    seedNetwork(world, place);
    await seedWorkload(world, place, healthPath);
  }
  const known = Object.values(keysOf(world)).find(({ arn }) => arn === operator);
  const { accessKeyId, secretAccessKey } = known ?? issueKey(world, { account, arn: operator });
  return { accessKeyId, secretAccessKey };
}
