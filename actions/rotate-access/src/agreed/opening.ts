import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { Session } from '@tenant-delivery/aws/session/session';
import type { CredentialOf, KindName } from '@tenant-delivery/credentials/kinds';
import type { AdmissionWorld } from '@tenant-delivery/delivery/world';
import type { ServerTime } from '@tenant-delivery/rotation/ports';
import type { Redaction } from '@tenant-delivery/rotation/redaction';
import type { Rotatable } from '@tenant-delivery/rotation/rotatable';
import type { EnvironmentContract } from '@tenant-delivery/tenancy/contract';
import type { CredentialAdmission } from '@tenant-delivery/tenancy/credential-admission';
import type { CredentialClearance } from '@tenant-delivery/tenancy/credential-clearance';
import type { Environment } from '@tenant-delivery/tenancy/derived-names';
import type { AgreedInputs } from '../inputs.ts';

/** What the opening of a kind gets. */
export interface Around {
  readonly runner: Runner;
  readonly given: AgreedInputs;
  readonly place: Environment;
  /** Has the role of the kind by now, and the journal role. */
  readonly session: Session;
  readonly frame: AdmissionWorld;
  readonly admission: CredentialAdmission;
  readonly environment: EnvironmentContract;
  readonly masks: Redaction;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Unique to this start of the action. */
  readonly process: string;
}

export interface Opened {
  readonly rotatable: Rotatable;
  /** By the answers that the clients of this credential hear. */
  readonly time: ServerTime;
}

/** How one kind of credential is found in an account and opened: `agreed/KIND.ts` has one each. */
export interface CredentialOpening<Kind extends KindName> {
  /** The ARN by which AWS has it; of a secret, without its random end. `undefined` where AWS has none. */
  subject(
    credential: CredentialOf<Kind>,
    around: Omit<Around, 'admission' | 'environment' | 'frame'>,
  ): Promise<string | undefined>;
  open(clearance: CredentialClearance<Kind>, around: Around): Promise<Opened>;
}
