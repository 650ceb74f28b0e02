import { kmsSigner } from '@tenant-delivery/aws/kms-signer';
import { runOf } from '@tenant-delivery/delivery/claims';
import { failures } from '@tenant-delivery/evidence/failures';
import { rotationRecorder } from '@tenant-delivery/evidence/rotation-record';
import type { ChangeRecorder } from '@tenant-delivery/rotation/ports';
import type { CredentialClearance } from '@tenant-delivery/tenancy/credential-clearance';
import { rotationRole } from '@tenant-delivery/tenancy/credential-subject';
import { keyAlias } from '@tenant-delivery/tenancy/derived-names';
import type { Around } from './opening.ts';

/** Signs the journal by the environment's rotate key, for which no entry can be written that nobody could verify. */
export async function openRecorder(
  { session, frame, place }: Pick<Around, 'session' | 'frame' | 'place'>,
  { credential, contractDigest }: CredentialClearance,
): Promise<ChangeRecorder> {
  const signer = await kmsSigner(session, keyAlias(place, 'rotate'), 'rotate', rotationRole(credential.kind));
  const { trust, claims, vault } = frame;
  if (!trust.keys.some(({ keyId, duty }) => keyId === signer.keyId && duty === 'rotate'))
    throw failures.eventUnverifiable(`the rotation of ${credential.id}`, 'signed', [
      `the key ${signer.keyId.slice(0, 12)}… is not trusted to rotate`,
    ]);
  const { tenant, environment } = place;
  return rotationRecorder(vault, {
    signer,
    trust,
    tenant,
    environment,
    contract: contractDigest,
    run: runOf(claims),
    now: () => session.clock.now(),
  });
}
