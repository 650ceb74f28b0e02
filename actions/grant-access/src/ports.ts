import type { BreakGlassWorld, GrantTrail } from '@tenant-delivery/break-glass/ports';
import type { ApprovalReading } from '@tenant-delivery/delivery/run-approval';
import type { AdmissionWorld } from '@tenant-delivery/delivery/world';
import type { ChangeRecorder, ServerTime } from '@tenant-delivery/rotation/ports';
import type { BreakGlassAdmission, BreakGlassClearance } from '@tenant-delivery/tenancy/break-glass';

/** What grants need of the world. Nothing that changes a role is made before a clearance. */
export interface GrantsWorld extends AdmissionWorld, ApprovalReading {
  readonly region: string;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Unique to this start of the action. */
  readonly process: string;
  reading(admission: BreakGlassAdmission): { readonly trail: GrantTrail; readonly time: ServerTime };
  open(clearance: BreakGlassClearance): BreakGlassWorld & { readonly time: ServerTime };
  /** Signs the record. */
  recorder(admission: BreakGlassAdmission): Promise<ChangeRecorder>;
}
