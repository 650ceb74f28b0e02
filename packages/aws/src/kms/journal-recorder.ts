import { runOf } from '@tenant-delivery/delivery/claims';
import type { AdmissionWorld } from '@tenant-delivery/delivery/world';
import type { Digest, Role } from '@tenant-delivery/domain';
import { failures } from '@tenant-delivery/evidence/failures';
import { rotationRecorder } from '@tenant-delivery/evidence/rotation-record';
import type { ChangeRecorder } from '@tenant-delivery/rotation/ports';
import { type Environment, keyAlias } from '@tenant-delivery/tenancy/derived-names';
import type { Session } from '../session/session.ts';
import { kmsSigner } from './signer.ts';

interface Signing {
  readonly session: Session;
  readonly frame: Pick<AdmissionWorld, 'trust' | 'claims' | 'vault'>;
  readonly place: Environment;
}

interface Recorded {
  readonly journal: string;
  /** The role that may sign. */
  readonly role: Role;
  readonly contractDigest: Digest;
}

/** Signs a journal by the environment's rotate key. Throws before any entry is written that nobody could verify. */
export async function journalRecorder(
  { session, frame, place }: Signing,
  { journal, role, contractDigest }: Recorded,
): Promise<ChangeRecorder> {
  const signer = await kmsSigner(session.clientConfig(role), {
    key: keyAlias(place, 'rotate'),
    duty: 'rotate',
  });
  const { claims, vault } = frame;
  const trust = await frame.trust;
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
