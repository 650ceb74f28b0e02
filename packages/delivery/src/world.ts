import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { Signer } from '@tenant-delivery/evidence/ports';
import type { TrustFile } from '@tenant-delivery/evidence/trust';
import type { FoundContract } from '@tenant-delivery/tenancy/contract-in-force';
import type { Vault } from '@tenant-delivery/vault/ports';
import type { JobClaims } from './claims.ts';

/** Whose credentials these are, by AWS's own answer. */
export interface CallerIdentity {
  readonly account: string;
  readonly arn: string;
  readonly partition: string;
}

/** What it takes to judge whether a delivery may happen at all; enough for an action that changes nothing. */
export interface AdmissionWorld {
  readonly runner: Runner;
  readonly clock: Clock;
  readonly vault: Vault;
  /** What lies in the environment's vault as its contract, read once for admission and trust. */
  readonly contract: () => Promise<FoundContract>;
  /** What is believed here: the keys that the release trusts, and those of the contract once it is read and verified. */
  readonly trust: TrustFile | Promise<TrustFile>;
  readonly identity: CallerIdentity;
  readonly claims: JobClaims;
}

/** The record alone, for who reads it before it is known whether anything is to be done. */
export interface RecordWorld extends Omit<AdmissionWorld, 'identity' | 'trust'> {
  /** What the release trusts, whatever a contract says. */
  readonly released: TrustFile;
  /** That, with the keys of the environment's contract. Reads the contract unless that was done. */
  readonly agreed: () => Promise<TrustFile>;
}

/** What every action of a delivery needs: the change record, and the one key that this job may sign with. */
export interface DeliveryWorld extends AdmissionWorld {
  readonly signer: Signer | Promise<Signer>;
}
