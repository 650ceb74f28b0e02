import { join } from 'node:path';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { AdmissionWorld, DeliveryWorld } from '@tenant-delivery/delivery/world';
import type { Duty, Role } from '@tenant-delivery/domain';
import { readPublicKey } from '@tenant-delivery/evidence/keys';
import { onlyKeyFor } from '@tenant-delivery/evidence/trust';
import { keyAlias, vaultBucket } from '@tenant-delivery/tenancy/derived-names';
import { directoryVault } from '@tenant-delivery/vault/directory-vault';
import { rememberingVault } from '@tenant-delivery/vault/remembering-vault';
import { kmsSigner } from '../kms/signer.ts';
import { s3Vault } from '../s3/vault.ts';
import type { Session } from './session.ts';
import { trustIn } from './trust.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The frame of an action that records: the vault by the evidence role, the duty's key by the duty's role. The roles that
 * provision do both themselves.
 */
export async function openDeliveryWorld(
  runner: Runner,
  env: Env,
  session: Session,
  duty: Exclude<Duty, 'contract' | 'review'>,
  { signs = duty, writes = 'evidence' }: { readonly signs?: Role; readonly writes?: Role } = {},
): Promise<DeliveryWorld> {
  const { tenant, environment } = session.target;
  const world = await openAdmissionWorld(runner, env, session, signs, writes);
  const speech = { duties: [duty], tenant, environment, at: session.clock.now() };
  const trusted = onlyKeyFor(world.trust, speech);
  const publicKey = trusted && readPublicKey(trusted.publicKey);
  const signer = await kmsSigner(session.clientConfig(signs), {
    key: keyAlias(session.target, duty),
    duty,
    publicKey,
  });
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
  return { ...openRecord(runner, env, session, reader), identity: await session.identityIn(role) };
}

/** The record alone, for who reads it before it is known whether anything is to be done. */
export function openRecord(runner: Runner, env: Env, session: Session, reader: Role): RecordWorld {
  const { target, clock, claims } = session;
  const bucket = vaultBucket(target);
  const { temp, runId, runAttempt, job } = runner.context;
  const ofThisJob = join(temp, 'td-vault', `${runId}.${runAttempt}.${job.replace(/[^\w.-]/g, '_')}`, bucket);
  return {
    runner,
    clock,
    claims,
    vault: rememberingVault(
      s3Vault(session.clientConfig(reader), bucket, target.account),
      directoryVault(ofThisJob),
    ),
    trust: trustIn(env),
  };
}

type RecordWorld = Omit<AdmissionWorld, 'identity'>;
