import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { AccessKeyWorld } from '@tenant-delivery/rotation/access-key/observe';
import type { ServerTime } from '@tenant-delivery/rotation/ports';
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
