import { refused } from '@tenant-delivery/rotation/dry-run';
import type { VpnPskWorld } from './observe.ts';

/** The same world, in which whatever would change something throws before it is sent. */
export function refusingVpnPskWorld(world: VpnPskWorld): VpnPskWorld {
  const { tunnels, escrow } = world;
  return {
    caller: world.caller,
    acknowledged: world.acknowledged,
    tunnels: { look: () => tunnels.look(), install: refused('ModifyVpnTunnelOptions') },
    escrow: {
      describe: () => escrow.describe(),
      read: (version) => escrow.read(version),
      put: refused('PutSecretValue'),
      promote: refused('UpdateSecretVersionStage'),
      settle: refused('UpdateSecretVersionStage'),
      forget: refused('UpdateSecretVersionStage'),
    },
  };
}
