import { refused, refusingConsumer, refusingEscrow } from '@tenant-delivery/rotation/dry-run';
import type { IamAccessKeyWorld } from './observe.ts';

/** The same world, in which whatever would change something throws before it is sent. */
export function refusingIamAccessKeyWorld(world: IamAccessKeyWorld): IamAccessKeyWorld {
  const { keys, escrow } = world;
  return {
    caller: world.caller,
    trail: world.trail,
    proof: world.proof,
    keys: {
      user: () => keys.user(),
      list: () => keys.list(),
      lastUse: (id) => keys.lastUse(id),
      create: refused('CreateAccessKey'),
      setStatus: refused('UpdateAccessKey'),
      delete: refused('DeleteAccessKey'),
      denySessions: refused('PutUserPolicy'),
    },
    escrow: refusingEscrow(escrow),
    consumers: world.consumers.map(refusingConsumer),
  };
}
