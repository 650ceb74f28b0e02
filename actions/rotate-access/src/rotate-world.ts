import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { ApprovalReading } from '@tenant-delivery/delivery/run-approval';
import type { AdmissionWorld } from '@tenant-delivery/delivery/world';
import type { ChangeRecorder, ServerTime } from '@tenant-delivery/rotation/ports';
import type { Rotatable } from '@tenant-delivery/rotation/rotatable';
import type { Seen } from '@tenant-delivery/tenancy/clearance';
import type { CredentialAdmission } from '@tenant-delivery/tenancy/credential-admission';
import type { CredentialClearance } from '@tenant-delivery/tenancy/credential-clearance';
import type { Vault } from '@tenant-delivery/vault/ports';

/** What a rotation needs of the world. */
export interface RotateWorld {
  readonly runner: Runner;
  readonly vault: Vault;
  readonly time: ServerTime;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Takes every secret of this run out of a text. */
  readonly clean: (text: string) => string;
  /** Unique to this start of the action. */
  readonly process: string;
  /** Signs the journal; a credential without a contract has nobody who could. */
  readonly recorder?: ChangeRecorder;
  /** The credential. */
  readonly rotatable: Rotatable;
}

/** For a credential of a contract: nothing that changes it is made before it is cleared. */
export interface AgreedWorld extends AdmissionWorld, ApprovalReading {
  /** Assumes the role of the credential's kind and looks at what it would change. Changes nothing. */
  look(admission: CredentialAdmission): Promise<Seen & { readonly subject: string | undefined }>;
  open(clearance: CredentialClearance, admission: CredentialAdmission): Promise<RotateWorld>;
}
