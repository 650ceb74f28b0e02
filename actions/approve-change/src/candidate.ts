import type { ChangeHandle } from '@tenant-delivery/delivery/change';
import type { Digest } from '@tenant-delivery/domain';
import type { Admission } from '@tenant-delivery/tenancy/admission';
import type { CommitsSince } from './commits-since.ts';

/** A planned change with all that its approval is judged by. */
export interface Candidate {
  readonly change: ChangeHandle;
  readonly admission: Admission;
  readonly plan: Digest;
  readonly brings: CommitsSince;
}
