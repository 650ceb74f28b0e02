import { refused, refusingConsumer, refusingEscrow } from '@tenant-delivery/rotation/dry-run';
import type { DeployKeyWorld } from './ports.ts';

/** The same world, in which whatever would change something throws before it is sent. */
export function refusingDeployKeyWorld(world: DeployKeyWorld): DeployKeyWorld {
  return {
    ...world,
    keys: {
      list: () => world.keys.list(),
      add: refused('POST /keys'),
      delete: refused('DELETE /keys'),
    },
    escrow: refusingEscrow(world.escrow),
    consumers: world.consumers.map(refusingConsumer),
  };
}
