import { refused } from '@tenant-delivery/rotation/dry-run';
import type { EcsSecretWorld } from './observe.ts';

/** The same world, in which whatever would change something throws before it is sent. */
export function refusingEcsSecretWorld({ caller, secret, consumers }: EcsSecretWorld): EcsSecretWorld {
  return {
    caller,
    secret: {
      describe: () => secret.describe(),
      failure: (version) => secret.failure(version),
      rotate: refused('RotateSecret'),
      label: refused('UpdateSecretVersionStage'),
    },
    consumers: {
      observe: (version) => consumers.observe(version),
      register: refused('RegisterTaskDefinition'),
      deploy: refused('UpdateService'),
      restart: refused('UpdateService'),
    },
  };
}
