import { randomBytes, randomUUID } from 'node:crypto';
import { type Secret, secretsOf, seedSecret } from '../secrets/state.ts';
import type { Here } from './kinds.ts';
import type { VpnConnection } from './vpn-state.ts';

/** The secret in which Site-to-Site VPN keeps the keys of a connection. */
export const escrowName = ({ id }: Pick<VpnConnection, 'id'>) => `s2svpn!${id}`;

export function escrowOf(vpn: VpnConnection, { world, account, region }: Here): Secret | undefined {
  return secretsOf(world, account, region)[escrowName(vpn)];
}

/** A key as AWS makes it: letters, digits, periods and underscores. It begins with no zero. */
export function newKey(): string {
  return `k${randomBytes(24).toString('base64url').replaceAll('-', '.')}`;
}

/**
 * Writes the keys of a connection that are stored in Secrets Manager into their secret, and makes it at first. AWS does not
 * document how the value is written; nothing that we ship reads it.
 */
export function keepKeys(vpn: VpnConnection, here: Here): void {
  const { world, account, region } = here;
  if (vpn.storage !== 'SecretsManager') return;
  const value = JSON.stringify({
    tunnels: vpn.tunnels.map(({ outsideIp, preSharedKey }) => ({
      outsideIpAddress: outsideIp,
      preSharedKey,
    })),
  });
  seedSecret(world, account, region, { name: escrowName(vpn), owningService: 's2svpn' });
  const secret = escrowOf(vpn, here);
  if (!secret) return;
  for (const version of Object.values(secret.versions)) version.stages = [];
  secret.versions[randomUUID()] = { value, stages: ['AWSCURRENT'], createdAt: world.clock.now() };
  secret.changedAt = world.clock.now();
}

export function forgetKeys(vpn: VpnConnection, { world, account, region }: Here): void {
  delete secretsOf(world, account, region)[escrowName(vpn)];
}
