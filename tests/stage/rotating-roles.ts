import type { LocalAws } from '@tenant-delivery/local-aws';
import { readContract } from '@tenant-delivery/local-aws/seed/contract';
import { seedIdentity } from '@tenant-delivery/local-aws/seed/identity';
import { placeOf } from '@tenant-delivery/local-aws/seed/place';
import { tenantSeed } from '@tenant-delivery/testkit/tenant-seed';
import { contractOf } from './acme.ts';

/** The roles of acme's contract with these credentials in place of its own, and no workload, whose days would be many. */
export async function seedRolesFor({ world }: LocalAws, credentials: readonly object[]): Promise<void> {
  const contract = (await contractOf('acme')) as { environments: { prod: object } }; // of our own file
  const prod = { ...contract.environments.prod, credentials };
  const agreed = { ...contract, environments: { prod } };
  const tenant = readContract(agreed);
  const environment = tenant.environments['prod'];
  const identity = tenantSeed(agreed).identities['prod'];
  if (!environment || !identity) throw new Error('acme has prod');
  seedIdentity(world, placeOf(tenant, 'prod', environment), identity);
}
