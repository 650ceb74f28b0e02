import { refused } from '@tenant-delivery/rotation/dry-run';
import type { SecretsManagerWorld } from './observe.ts';

/** The same world, in which whatever would change something throws before it is sent. */
export function refusingSecretsManagerWorld({
  caller,
  secret,
  consumers,
}: SecretsManagerWorld): SecretsManagerWorld {
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
