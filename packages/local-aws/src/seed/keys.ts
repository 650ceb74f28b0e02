import { putSigningKey } from '../services/kms.ts';
import type { World } from '../world/world.ts';
import { policy, rotatingRoles } from './identity.ts';
import type { Place } from './place.ts';
import type { Templates } from './template.ts';

const DUTIES = ['build', 'gate', 'approve', 'deploy'] as const;

/** One signing key per duty, answering to that duty's role alone; that of rotations to the role of each kind that is there. */
export function seedKeys(world: World, place: Place, templates: Templates): void {
  const rotating = [
    ...rotatingRoles(place),
    ...(place.environment.breakGlass ? ['access'] : []), // grants have a journal too
  ];
  const keys = [
    ...DUTIES.map((duty) => [duty, [duty]] as const),
    ...(rotating.length > 0 ? [['rotate', rotating] as const] : []),
  ];
  for (const [duty, roles] of keys)
    putSigningKey(world, place.account, place.region, {
      partition: place.partition,
      alias: `alias/td/${place.name}/${duty}`,
      description: `Signs what the ${duty} job of ${place.contract.id} ${place.name} records`,
      policy: policy(
        templates('keys/signing.json', { ...place.values, signingRoleArns: roles.map(place.roleArn) }),
      ),
    });
}
