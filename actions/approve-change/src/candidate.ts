import type { ChangeAdmission, ChangeHandle } from '@tenant-delivery/delivery/change';
import type { Digest } from '@tenant-delivery/domain';
import type { CommitsSince } from './commits-since.ts';

/** A planned change with all that its approval is judged by. */
export interface Candidate {
  readonly change: ChangeHandle;
  readonly admission: ChangeAdmission;
  readonly plan: Digest;
  readonly brings: CommitsSince;
}
