import type { Environments, WorkflowRuns } from '@tenant-delivery/delivery/github-ports';
import type { AdmissionWorld } from '@tenant-delivery/delivery/world';
import type { BreakGlassWorld, GrantTrail } from '@tenant-delivery/rotation/break-glass/ports';
import type { ChangeRecorder, ServerTime } from '@tenant-delivery/rotation/ports';
import type { BreakGlassAdmission, BreakGlassClearance } from '@tenant-delivery/tenancy/break-glass';

/** What grants need of the world. Nothing that changes a role is made before a clearance. */
export interface GrantsWorld extends AdmissionWorld {
  readonly region: string;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Unique to this start of the action. */
  readonly process: string;
  github(): Promise<{ readonly environments: Environments; readonly runs: WorkflowRuns }>;
  reading(admission: BreakGlassAdmission): { readonly trail: GrantTrail; readonly time: ServerTime };
  open(clearance: BreakGlassClearance): BreakGlassWorld & { readonly time: ServerTime };
  /** Signs the record. */
  recorder(admission: BreakGlassAdmission): Promise<ChangeRecorder>;
}
