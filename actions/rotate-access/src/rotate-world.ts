import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { AdmissionWorld } from '@tenant-delivery/delivery/world';
import type { AccessKeyWorld } from '@tenant-delivery/rotation/access-key/observe';
import type { ServerTime } from '@tenant-delivery/rotation/ports';
import type { CredentialClearance } from '@tenant-delivery/tenancy/credential-clearance';
import type { RotationApp } from '@tenant-delivery/tenancy/credential-terms';
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
  readonly keys: AccessKeyWorld;
}

/** For a credential of a contract: nothing that changes it is made before it is cleared. */
export interface AgreedWorld extends AdmissionWorld {
  /** The ARN by which IAM knows a user that is given with its path; `undefined` where it knows none. */
  userArn(user: string): Promise<string | undefined>;
  open(clearance: CredentialClearance, app: RotationApp | undefined): Promise<RotateWorld>;
}
