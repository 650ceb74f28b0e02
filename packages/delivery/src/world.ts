import type { Clock } from '@tenant-delivery/action-kit/clock';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { Signer } from '@tenant-delivery/evidence/ports';
import type { TrustFile } from '@tenant-delivery/evidence/trust';
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
  readonly trust: TrustFile;
  readonly identity: CallerIdentity;
  readonly claims: JobClaims;
}

/** What every action of a delivery needs: the change record, and the one key that this job may sign with. */
export interface DeliveryWorld extends AdmissionWorld {
  readonly signer: Signer;
}
