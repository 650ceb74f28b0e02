import type { ChangeKind } from '@tenant-delivery/domain';
import { getBytes } from '@tenant-delivery/vault/objects';
import type { Vault } from '@tenant-delivery/vault/ports';
import type { ChangeHandle } from './change.ts';

const EVERY = ['contract', 'manifest', 'resolved', 'image-record', 'verdict', 'plan', 'report', 'health'];

const PROVISIONED = ['contract', 'rules', 'plan', 'approvals', 'environment-protection', 'report'];

/** The documents that a closed change must name. */
const REQUIRED: Readonly<Record<ChangeKind, readonly string[]>> = {
  deploy: [...EVERY, 'findings', 'approvals', 'environment-protection'],
  rollback: [...EVERY, 'target'],
  promotion: [...EVERY, 'findings', 'source', 'source-record', 'approvals', 'environment-protection'],
  exercise: [...EVERY, 'findings', 'source', 'source-record'],
  provision: PROVISIONED,
  withdrawal: PROVISIONED,
};

/** What is missing from a change's evidence or was altered: a sentence each, none when it is complete. */
export async function gapsIn(vault: Vault, change: ChangeHandle): Promise<readonly string[]> {
  const judged = REQUIRED[change.kind].map(async (name) => {
    const digest = change.evidence(name);
    if (!digest) return [`the record names no ${name}`];
    const bytes = await getBytes(vault, digest);
    return typeof bytes === 'string' ? [`${name} (${digest}) is ${bytes} in the vault`] : [];
  });
  return (await Promise.all(judged)).flat();
}
