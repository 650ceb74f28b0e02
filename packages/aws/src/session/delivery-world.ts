import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { AdmissionWorld, DeliveryWorld } from '@tenant-delivery/delivery/world';
import type { Duty, Role } from '@tenant-delivery/domain';
import { keyAlias, vaultBucket } from '@tenant-delivery/tenancy/derived-names';
import { kmsSigner } from '../kms/signer.ts';
import { s3Vault } from '../s3/vault.ts';
import { callerIdentity } from './caller-identity.ts';
import type { Session } from './session.ts';
import { trustIn } from './trust.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The frame of an action that records: the vault by the evidence role, the duty's key by the duty's role. */
export async function openDeliveryWorld(
  runner: Runner,
  env: Env,
  session: Session,
  duty: Exclude<Duty, 'contract' | 'review'>,
): Promise<DeliveryWorld> {
  const [world, signer] = await Promise.all([
    openAdmissionWorld(runner, env, session, duty, 'evidence'),
    kmsSigner(session, keyAlias(session.target, duty), duty),
  ]);
  return { ...world, signer };
}

/** The frame of an action that only judges: `role` is who it is, `reader` whose right it is to read the vault. */
export async function openAdmissionWorld(
  runner: Runner,
  env: Env,
  session: Session,
  role: Role,
  reader: Role = role,
): Promise<AdmissionWorld> {
  const { target, clock, claims } = session;
  const bucket = vaultBucket(target);
  return {
    runner,
    clock,
    claims,
    vault: s3Vault(session.clientConfig(reader), bucket, target.account),
    trust: trustIn(env),
    identity: await callerIdentity(session, role),
  };
}
