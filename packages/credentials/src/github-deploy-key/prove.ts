import type { Reason } from '@tenant-delivery/rotation/plan';
import type { Proved } from './facts.ts';
import type { Access, GithubDeployKeyWorld } from './ports.ts';
import { reason } from './reasons.ts';
import { sshFingerprint } from './ssh-key.ts';

/**
 * The stored private key belongs to a key that GitHub lists, verified and enabled, with no more rights than agreed.
 * Its consumers show that it opens the repository over SSH: each clones with it before it changes over.
 */
export async function proveGithubDeployKey(
  world: GithubDeployKeyWorld,
  version: string,
  access: Access,
): Promise<{ readonly note: Proved } | { readonly failed: Reason }> {
  const [pair, keys] = await Promise.all([world.escrow.read(version), world.keys.list()]);
  if (!pair) return { failed: reason('ROTATION_ESCROW', `Escrow does not hold an SSH key as ${version}.`) };
  const key = sshFingerprint(pair.id);
  const listed = keys === 'absent' ? undefined : keys.find(({ publicKey }) => publicKey === pair.id);
  const problem = !listed
    ? `${world.repository} has no key ${key}`
    : !listed.verified || !listed.enabled
      ? `GitHub has disabled the key ${key}`
      : listed.access !== access
        ? `the key ${key} may ${listed.access}, and ${access} is agreed`
        : undefined;
  if (problem || !listed) return { failed: reason('ROTATION_PROOF_FAILED', `${problem}.`) };
  const { repository } = world;
  return { note: { kind: 'proved', version, key, repository, id: String(listed.id) } };
}
