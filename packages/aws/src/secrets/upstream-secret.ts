import type { UpstreamSecret } from '@tenant-delivery/credentials/pull-through/ports';
import { CURRENT, PENDING } from '@tenant-delivery/rotation/escrow';
import { jsonCaller } from '../by-hand/signed-call.ts';
import type { clientConfig } from '../session/client-config.ts';
import { escrowSecret } from './escrow-secret.ts';
import { SECRETS_MANAGER } from './secret-calls.ts';
import { secretVersions } from './secret-versions.ts';

/** The secret that pull-through cache rules sign in with, by its versions and labels alone: its value is never read. */
export function upstreamSecret(
  config: ReturnType<typeof clientConfig>,
  once: ReturnType<typeof clientConfig>,
  secret: string,
): UpstreamSecret {
  const held = escrowSecret(config, once, secret);
  const call = jsonCaller(SECRETS_MANAGER, config);
  return {
    describe: async () => {
      const state = await held.describe();
      if (state.kind !== 'usable') return state;
      return { kind: 'usable', ...(await secretVersions(call, secret)) };
    },
    promote: (version, from) => held.move(CURRENT, version, from),
    settle: (version) => held.move(PENDING, undefined, version),
  };
}
