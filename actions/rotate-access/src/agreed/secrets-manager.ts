import {
  clearedSecretsManager,
  type SecretsManagerClearance,
  secretArnOf,
} from '@tenant-delivery/aws/credentials/cleared-secrets-manager';
import { agreedSecretsManager } from '@tenant-delivery/credentials/secrets-manager/agreed';
import { rotatableSecretsManager } from '@tenant-delivery/credentials/secrets-manager/kind';
import { rotationLock } from '@tenant-delivery/delivery/rotation-lock';
import { secretWithoutSuffix } from '@tenant-delivery/tenancy/credential-subject';
import type { Around, CredentialOpening, Opened } from './opening.ts';

/** As Secrets Manager has it. */
export async function secretSubject(
  { secret }: { readonly secret: string },
  { session }: Pick<Around, 'session'>,
): Promise<string | undefined> {
  const arn = await secretArnOf(session, secret);
  return arn === undefined ? undefined : secretWithoutSuffix(arn);
}

/** A secret that tasks are given, with the services that it is brought to as by a delivery. */
export async function openSecretsManager(
  clearance: SecretsManagerClearance,
  { session, frame, admission, given, place, process }: Around,
): Promise<Opened> {
  const { credential } = clearance;
  if (given.mode === 'run') await session.assume('redeploy');
  const locks = rotationLock(frame, place.environment, credential.id);
  const { world, time } = await clearedSecretsManager(session, clearance, admission, locks);
  const policy = agreedSecretsManager(credential, given.wish, session.clock.now());
  return { rotatable: rotatableSecretsManager(credential.id, world, policy, { process }), time };
}

export const opening: CredentialOpening<'secrets-manager'> = {
  subject: secretSubject,
  open: openSecretsManager,
};
