import { type RenderedEnvironment, renderTenant } from '@tenant-delivery/provisioning/environment';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';

/** What local-aws is given to seed a tenant of a contract (parsed YAML): everything that release v0.1.0 has a provider apply. */
export function tenantSeed(contract: unknown): {
  readonly identities: Readonly<Record<string, RenderedEnvironment>>;
} {
  const agreed = contract as TenantContract; // tests seed contracts that tenancy has not refused
  const operator = `arn:${agreed.partition}:iam::${agreed.account}:user/operator`;
  return {
    identities: renderTenant(agreed, {
      provider: 'OWNER/tenant-delivery',
      releases: ['v0.1.0'],
      publishers: [operator],
    }),
  };
}
