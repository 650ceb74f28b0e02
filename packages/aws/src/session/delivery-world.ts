import { join } from 'node:path';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import type {
  AdmissionWorld,
  CallerIdentity,
  DeliveryWorld,
  RecordWorld,
} from '@tenant-delivery/delivery/world';
import type { EnvironmentDuty, Role } from '@tenant-delivery/domain';
import { readPublicKey } from '@tenant-delivery/evidence/keys';
import type { Signer } from '@tenant-delivery/evidence/ports';
import { onlyKeyFor } from '@tenant-delivery/evidence/trust';
import { agreedTrust, findContract } from '@tenant-delivery/tenancy/contract-in-force';
import { keyAlias, vaultBucket } from '@tenant-delivery/tenancy/derived-names';
import { directoryVault } from '@tenant-delivery/vault/directory-vault';
import { rememberingVault } from '@tenant-delivery/vault/remembering-vault';
import { kmsSigner } from '../kms/signer.ts';
import { s3Vault } from '../s3/vault.ts';
import type { Session } from './session.ts';
import { trustOfRelease } from './trust.ts';

type Env = Readonly<Record<string, string | undefined>>;

interface Recording {
  /** The role that may use the key. */
  readonly signs?: Role;
  /** The role that writes to the vault. */
  readonly writes?: Role;
  /** What was opened of the record already. */
  readonly record?: RecordWorld;
}

/**
 * The frame of an action that records: the vault by the evidence role, the duty's key by the duty's role. The roles that
 * provision do both themselves. The contract is being read when this answers.
 */
export async function openDeliveryWorld(
  runner: Runner,
  env: Env,
  session: Session,
  duty: EnvironmentDuty,
  { signs = duty, writes = 'evidence', record = openRecord(runner, env, session, writes) }: Recording = {},
): Promise<DeliveryWorld> {
  const world = admissionWorld(record, await session.identityIn(signs));
  const signer = signerOf(session, { duty, signs }, world.trust);
  signer.catch(() => {}); // thrown where it is awaited
  return { ...world, signer };
}

async function signerOf(
  session: Session,
  { duty, signs }: { readonly duty: EnvironmentDuty; readonly signs: Role },
  trust: DeliveryWorld['trust'],
): Promise<Signer> {
  const { tenant, environment } = session.target;
  const speech = { duties: [duty], tenant, environment, at: session.clock.now() };
  const trusted = onlyKeyFor(await trust, speech);
  const publicKey = trusted && readPublicKey(trusted.publicKey);
  return kmsSigner(session.clientConfig(signs), { key: keyAlias(session.target, duty), duty, publicKey });
}

/** The frame of an action that only judges: `role` is who it is and whose right it is to read the vault, unless `reader` is. */
export async function openAdmissionWorld(
  runner: Runner,
  env: Env,
  session: Session,
  role: Role,
  reader: Role = role,
): Promise<AdmissionWorld> {
  return admissionWorld(openRecord(runner, env, session, reader), await session.identityIn(role));
}

function admissionWorld(
  { agreed, released: _, ...record }: RecordWorld,
  identity: CallerIdentity,
): AdmissionWorld {
  return { ...record, identity, trust: agreed() };
}

export function openRecord(runner: Runner, env: Env, session: Session, reader: Role): RecordWorld {
  const { target, clock, claims } = session;
  const bucket = vaultBucket(target);
  const { temp, runId, runAttempt, job } = runner.context;
  const ofThisJob = join(temp, 'td-vault', `${runId}.${runAttempt}.${job.replace(/[^\w.-]/g, '_')}`, bucket);
  const vault = rememberingVault(
    s3Vault(session.clientConfig(reader), bucket, target.account),
    directoryVault(ofThisJob),
  );
  const released = trustOfRelease(env);
  const contract = once(() => findContract(vault, target.environment));
  const agreed = once(() =>
    contract().then(
      (found) => agreedTrust(found, released, target, clock.now()),
      () => released, // a vault that could not be asked is the failure of admission, which asks the same
    ),
  );
  return { runner, clock, claims, vault, released, contract, agreed };
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => {
    asked ??= ask();
    return asked;
  };
}
