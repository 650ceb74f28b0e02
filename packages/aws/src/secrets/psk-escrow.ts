import type { PskEscrow, TunnelKeys } from '@tenant-delivery/credentials/vpn-psk/ports';
import { CURRENT, PENDING, PREVIOUS } from '@tenant-delivery/rotation/escrow';
import { fingerprintOf } from '@tenant-delivery/rotation/fingerprint';
import { Secret } from '@tenant-delivery/rotation/secret';
import type { ClientConfig } from '../session/client-config.ts';
import { escrowSecret } from './escrow-secret.ts';
import type { EscrowSettings } from './key-escrow.ts';

/** The secret of Secrets Manager that holds the keys of both tunnels, as JSON: the outside address of each, and its key. */
export function pskEscrow(
  config: ClientConfig,
  once: ClientConfig,
  { account, secret, masker }: Pick<EscrowSettings, 'account' | 'secret' | 'masker'>,
): PskEscrow {
  const held = escrowSecret(config, once, secret);
  const born = (psk: string) => Secret.born(psk, fingerprintOf(account, psk), masker);
  return {
    describe: held.describe,
    read: async (version) => {
      const found = await held.read(version);
      return found && { createdAt: found.createdAt, keys: keysIn(found.text, born) };
    },
    put: (version, keys) =>
      held.put(
        version,
        JSON.stringify(Object.fromEntries(Object.entries(keys).map(([at, key]) => [at, key.reveal()]))),
      ),
    promote: (version, from) => held.move(CURRENT, version, from),
    settle: (version) => held.move(PENDING, undefined, version),
    forget: (version) => held.move(PREVIOUS, undefined, version),
  };
}

/** Says nothing about a text that does not hold keys: it may still be a secret. */
function keysIn(text: string | undefined, born: (psk: string) => Secret): TunnelKeys | undefined {
  try {
    const said: unknown = JSON.parse(text ?? 'null');
    if (typeof said !== 'object' || said === null) return undefined;
    const keys = Object.entries(said).map(([at, psk]) => [
      at,
      typeof psk === 'string' && psk ? born(psk) : undefined,
    ]);
    return keys.every(([, key]) => key !== undefined) ? Object.fromEntries(keys) : undefined;
  } catch {
    return undefined;
  }
}
