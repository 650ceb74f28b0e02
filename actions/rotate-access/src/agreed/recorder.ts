import { kmsSigner } from '@tenant-delivery/aws/kms/signer';
import { runOf } from '@tenant-delivery/delivery/claims';
import type { Digest, Role } from '@tenant-delivery/domain';
import { failures } from '@tenant-delivery/evidence/failures';
import { rotationRecorder } from '@tenant-delivery/evidence/rotation-record';
import type { ChangeRecorder } from '@tenant-delivery/rotation/ports';
import type { CredentialClearance } from '@tenant-delivery/tenancy/credential-clearance';
import { rotationRole } from '@tenant-delivery/tenancy/credential-subject';
import { keyAlias } from '@tenant-delivery/tenancy/derived-names';
import type { Around as AroundCredential } from './opening.ts';

/** Signs the journal of a cleared credential. */
export function openRecorder(
  around: Around,
  { credential, contractDigest }: CredentialClearance,
): Promise<ChangeRecorder> {
  return journalRecorder(around, {
    journal: credential.id,
    role: rotationRole(credential.kind),
    contractDigest,
  });
}

type Around = Pick<AroundCredential, 'session' | 'frame' | 'place'>;

interface Recorded {
  readonly journal: string;
  /** Whose right it is to sign. */
  readonly role: Role;
  readonly contractDigest: Digest;
}

/** Signs a journal by the environment's rotate key, for which no entry can be written that nobody could verify. */
export async function journalRecorder(
  { session, frame, place }: Around,
  { journal, role, contractDigest }: Recorded,
): Promise<ChangeRecorder> {
  const signer = await kmsSigner(session, keyAlias(place, 'rotate'), 'rotate', role);
  const { trust, claims, vault } = frame;
  if (!trust.keys.some(({ keyId, duty }) => keyId === signer.keyId && duty === 'rotate'))
    throw failures.eventUnverifiable(`the journal of ${journal}`, 'signed', [
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
