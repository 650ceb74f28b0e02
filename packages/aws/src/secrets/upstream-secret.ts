import type { UpstreamSecret } from '@tenant-delivery/credentials/pull-through/ports';
import { CURRENT, PENDING } from '@tenant-delivery/rotation/escrow';
import type { ClientConfig } from '../session/client-config.ts';
import { escrowSecret } from './escrow-secret.ts';
import { secretVersions } from './secret-versions.ts';
import { secretsClient } from './secrets-client.ts';

/** The secret that pull-through cache rules sign in with, by its versions and labels alone: its value is never read. */
export function upstreamSecret(config: ClientConfig, once: ClientConfig, secret: string): UpstreamSecret {
  const held = escrowSecret(config, once, secret);
  const secrets = secretsClient(config);
  return {
    describe: async () => {
      const state = await held.describe();
      if (state.kind !== 'usable') return state;
      return { kind: 'usable', ...(await secretVersions(secrets, secret)) };
    },
    promote: (version, from) => held.move(CURRENT, version, from),
    settle: (version) => held.move(PENDING, undefined, version),
  };
}
