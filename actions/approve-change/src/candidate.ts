import type { Admission, ChangeHandle } from '@tenant-delivery/delivery';
import type { Digest } from '@tenant-delivery/domain';
import type { CommitsSince } from './commits-since.ts';

/** A planned change with all that its approval is judged by. */
export interface Candidate {
  readonly change: ChangeHandle;
  readonly admission: Admission;
  readonly plan: Digest;
  readonly brings: CommitsSince;
}
