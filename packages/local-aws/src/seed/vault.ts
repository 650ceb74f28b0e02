import { putBucket } from '../services/s3.ts';
import type { World } from '../world/world.ts';
import { policy } from './identity.ts';
import type { Place } from './place.ts';
import type { Templates } from './template.ts';

interface LockSettings {
  readonly Rule: {
    readonly DefaultRetention: { readonly Mode: 'COMPLIANCE' | 'GOVERNANCE'; readonly Days: number };
  };
}

/** The tenant's vault bucket, as `templates/iam/vault` wants it. */
export function seedVault(world: World, { account, region, values }: Place, templates: Templates): void {
  const versioning = templates('vault/versioning.json', values) as { Status: string }; // our own files
  const { Rule } = templates('vault/object-lock.json', values) as LockSettings;
  putBucket(world, {
    name: String(values['vaultBucket']),
    account,
    region,
    versioned: versioning.Status === 'Enabled',
    lock: { mode: Rule.DefaultRetention.Mode, days: Rule.DefaultRetention.Days },
    policy: policy(templates('vault/policy.json', values)),
  });
}
