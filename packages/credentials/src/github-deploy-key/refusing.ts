import { refused, refusingConsumer, refusingEscrow } from '@tenant-delivery/rotation/dry-run';
import type { GithubDeployKeyWorld } from './ports.ts';

/** The same world, in which whatever would change something throws before it is sent. */
export function refusingGithubDeployKeyWorld(world: GithubDeployKeyWorld): GithubDeployKeyWorld {
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
