import {
  clearedEcsSecret,
  type EcsSecretClearance,
  secretArnOf,
} from '@tenant-delivery/aws/secrets/cleared-ecs-secret';
import { rotatableEcsSecret } from '@tenant-delivery/credentials/secrets-manager/kind';
import { rotationLock } from '@tenant-delivery/delivery/rotation-lock';
import { secretWithoutSuffix } from '@tenant-delivery/tenancy/credential-subject';
import { ecsSecretPolicy } from '../ecs-secret-policy.ts';
import type { Around, Opened } from './opening.ts';

/** As Secrets Manager has it. */
export async function secretSubject(
  { secret }: { readonly secret: string },
  { session }: Pick<Around, 'session'>,
): Promise<string | undefined> {
  const arn = await secretArnOf(session, secret);
  return arn === undefined ? undefined : secretWithoutSuffix(arn);
}

/** A secret that tasks are given, with the services that it is brought to as by a delivery. */
export async function openEcsSecret(
  clearance: EcsSecretClearance,
  { session, frame, admission, given, place, process }: Around,
): Promise<Opened> {
  const { credential } = clearance;
  if (given.mode === 'run') await session.assume('redeploy');
  const locks = rotationLock(frame, place.environment, credential.id);
  const { world, time } = await clearedEcsSecret(session, clearance, admission, locks);
  const policy = ecsSecretPolicy(credential, given, session.clock.now());
  return { rotatable: rotatableEcsSecret(credential.id, world, policy, { process }), time };
}
