import { putRole, seedAccessKey, seedUser } from '@tenant-delivery/local-aws/services/iam';
import { seedSecret } from '@tenant-delivery/local-aws/services/secretsmanager';
import { type LocalPlatform, templateContracts } from '@tenant-delivery/local-platform';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import type { CanaryTenant } from './canary-tenant.ts';

const USER = 'canary';
const ESCROW = 'td/rotation/canary';

type Credential = NonNullable<TenantContract['environments'][string]['credentials']>[number];

/** The key that a canary rotates: nobody uses it. */
const THROWAWAY = {
  id: 'canary',
  kind: 'iam-access-key',
  user: `td-rotatable/${USER}`,
  escrow: ESCROW,
  maxAgeDays: 60,
  consumers: [{ kind: 'external', name: 'nobody', cadenceHours: 1 }],
} satisfies Credential;

/** The contracts of the templates, acme's with a key that nobody uses in place of those that GitHub's secrets have. */
export function contractsHere(): readonly TenantContract[] {
  return templateContracts().map((contract) => {
    const { prod } = contract.environments;
    if (contract.id !== 'acme' || !prod) return contract;
    const { githubApp: _, ...others } = prod; // it writes secrets, of which there are none
    return { ...contract, environments: { prod: { ...others, credentials: [THROWAWAY] } } };
  });
}

/** What an administrator makes for a rotation and a grant: the user with a key in escrow, and the role by which people come. */
export function seedAccess({ aws, tenants }: LocalPlatform, { tenant, account, region }: CanaryTenant): void {
  const { world } = aws;
  const user = seedUser(world, account, { name: USER, path: '/td-rotatable/' });
  seedSecret(world, account, region, {
    name: ESCROW,
    value: JSON.stringify(seedAccessKey(world, account, user, 0)),
  });
  const { principals = {} } = tenants[tenant]?.contract.environments['prod']?.breakGlass ?? {};
  for (const { arn } of Object.values(principals)) {
    const [, path = '/', name = ''] = /:role(\/.*?)([^/]+)$/.exec(arn) ?? [];
    putRole(world, account, {
      name,
      path,
      partition: 'aws',
      description: '',
      maxSessionDuration: 3_600,
      tags: {},
      trust: { Version: '2012-10-17', Statement: [] },
      policies: {},
    });
  }
}
