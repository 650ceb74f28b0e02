import { putSigningKey } from '../services/kms.ts';
import type { World } from '../world/world.ts';
import { policy } from './identity.ts';
import type { Place } from './place.ts';
import type { Templates } from './template.ts';

const DUTIES = ['build', 'gate', 'approve', 'deploy'] as const;

/** One signing key per duty, answering to that duty's role alone. */
export function seedKeys(world: World, place: Place, templates: Templates): void {
  for (const duty of DUTIES)
    putSigningKey(world, place.account, place.region, {
      partition: place.partition,
      alias: `alias/td/${place.name}/${duty}`,
      description: `Signs what the ${duty} job of ${place.contract.id} ${place.name} records`,
      policy: policy(
        templates('keys/signing.json', { ...place.values, signingRoleArn: place.roleArn(duty) }),
      ),
    });
}
