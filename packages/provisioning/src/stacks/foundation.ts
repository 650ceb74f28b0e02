import type { Role } from '@tenant-delivery/domain';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import type { RenderedEnvironment, RenderedKey } from '../environment.ts';
import type { RenderedRole } from '../environment-roles.ts';
import { roleId, rolesIn } from './job-roles.ts';
import { lockedBucket } from './locked-bucket.ts';
import { tagsOf } from './networked-environment.ts';
import { isMadeByHand } from './provisioning.ts';
import { vaultReplication } from './recovery-vault.ts';
import { signingKey } from './signing-key.ts';
import { kept, type Resources, ref, type Tags, type Template } from './template.ts';

/** Roles of the jobs that deliver; every other role is one of operations. */
const DELIVERING: readonly (Role | string)[] = [
  'pull-request',
  'read',
  'build',
  'gate',
  'approve',
  'deploy',
  'evidence',
] satisfies readonly Role[];

/** The vault, and the keys and roles of deliveries: what must be there before anything can be recorded. */
export function foundationTemplate(
  contract: TenantContract,
  name: string,
  { roles, keys, vault }: RenderedEnvironment,
): Template {
  const tags = tagsOf(contract, name);
  const own = roles.filter(({ kind }) => DELIVERING.includes(kind));
  const recovers = contract.environments[name]?.dr?.recovers;
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `The vault, the signing keys and the roles of deliveries of ${contract.id} ${name}`,
    // Who withdraws the other environment reads it here: a published contract holds one environment alone.
    ...(recovers !== undefined && { Metadata: { Recovers: recovers } }),
    Resources: {
      ...rolesIn(own),
      ...keysIn(keys, own, tags),
      ...provisionKey(keys, tags),
      ...vaultOf(vault, tags, vaultReplication(contract, name)),
    },
  };
}

/** Roles that rotate, report and grant, and the key that signs their journals. */
export function operationsTemplate(
  contract: TenantContract,
  name: string,
  { roles, keys }: RenderedEnvironment,
): Template {
  const own = roles.filter(
    (role) =>
      !DELIVERING.includes(role.kind) &&
      !isMadeByHand(role) &&
      role.kind !== 'execution' &&
      role.kind !== 'task',
  );
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `The roles of operations of ${contract.id} ${name}, and the key of their journals`,
    Resources: { ...rolesIn(own), ...keysIn(keys, own, tagsOf(contract, name)) },
  };
}

/** The keys with which one of these roles signs. */
function keysIn(keys: readonly RenderedKey[], roles: readonly RenderedRole[], tags: Tags): Resources {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const policy = JSON.stringify(key.policy);
      const signers = roles.filter(({ path, name }) => policy.includes(`:role${path}${name}"`));
      return signers.length === 0 ? [] : Object.entries(signingKey(key, tags, signers.map(roleId)));
    }),
  );
}

/** The roles that sign with it are of the stack before this one. */
function provisionKey(keys: readonly RenderedKey[], tags: Tags): Resources {
  const key = keys.find(({ duty }) => duty === 'provision');
  return key ? signingKey(key, tags, []) : {};
}

function vaultOf(
  vault: RenderedEnvironment['vault'],
  tags: Tags,
  replication: Readonly<Record<string, unknown>>,
): Resources {
  return {
    Vault: lockedBucket(vault.bucket, vault, tags, replication),
    VaultPolicy: kept({
      Type: 'AWS::S3::BucketPolicy',
      Properties: { Bucket: ref('Vault'), PolicyDocument: vault.policy },
    }),
  };
}
