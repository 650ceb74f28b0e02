import { issueKey, keysOf } from '../world/keys.ts';
import type { LocalWorld } from '../world/local-world.ts';
import { readContract } from './contract.ts';
import { seedIdentity } from './identity.ts';
import { seedKeys } from './keys.ts';
import { seedNetwork } from './network.ts';
import { placeOf, type Released } from './place.ts';
import { templatesIn } from './template.ts';
import { seedVault } from './vault.ts';
import { seedWorkload } from './workload.ts';

export interface TenantSeed extends Partial<Released> {
  /** Where `templates/iam` is; found upward from here when absent. */
  readonly templates?: string;
  /** The path that the load balancer asks for a target's health; `/healthz` when absent. */
  readonly healthPath?: string;
}

export interface OperatorKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * Makes everything that a tenant contract names, in its own account, from the very files that a provider applies.
 * What is there already is kept or updated. Answers a key of the account's operator.
 */
export async function seedTenant(
  world: LocalWorld,
  contract: unknown,
  seed: TenantSeed = {},
): Promise<OperatorKey> {
  const tenant = readContract(contract);
  const templates = templatesIn(seed.templates);
  const { account, partition } = tenant;
  const operator = `arn:${partition}:iam::${account}:user/operator`;
  world.addAccount(account);
  for (const [name, environment] of Object.entries(tenant.environments)) {
    const place = placeOf(tenant, name, environment, {
      provider: seed.provider ?? 'OWNER/tenant-delivery',
      releases: seed.releases ?? ['refs/tags/v0.1.0'],
      publishers: seed.publishers ?? [operator],
    });
    seedIdentity(world, place, templates);
    seedVault(world, place, templates);
    seedKeys(world, place, templates);
    seedNetwork(world, place);
    await seedWorkload(world, place, seed.healthPath ?? '/healthz');
  }
  const known = Object.values(keysOf(world)).find(({ arn }) => arn === operator);
  const { accessKeyId, secretAccessKey } = known ?? issueKey(world, { account, arn: operator });
  return { accessKeyId, secretAccessKey };
}
