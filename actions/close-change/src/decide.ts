import { type ChangeState, isEnd } from '@tenant-delivery/domain';
import type { CloseChangeInputs } from './inputs.ts';

type JobStatus = CloseChangeInputs['job-status'];

export type Decision =
  | { readonly kind: 'close' }
  | { readonly kind: 'end'; readonly to: ChangeState; readonly reason: string; readonly note: string }
  /** The record is where it should be. */
  | { readonly kind: 'nothing' }
  /** Deployed and watched for longer than this run may wait: a later run concludes it, from `from` on (RFC 3339). */
  | { readonly kind: 'baking'; readonly from: string }
  /** Begun to deploy and not ended: only the deploy role, or whoever takes the lock next, may end it. */
  | { readonly kind: 'left-open' };

/**
 * At the end of the deploy job. `bake`: when the bake of the change can be concluded, where one has begun; it goes on
 * whatever became of the job, because nothing of it depends on the job.
 */
export function decideClose(state: ChangeState, job: JobStatus, bake?: string): Decision {
  if (state === 'verified') return { kind: 'close' };
  if (state !== 'deploying') return { kind: 'nothing' };
  if (bake !== undefined) return { kind: 'baking', from: bake };
  return job === 'cancelled'
    ? {
        kind: 'end',
        to: 'abandoned',
        reason: 'RUN_CANCELLED',
        note: 'The run was cancelled while it deployed.',
      }
    : {
        kind: 'end',
        to: 'failed',
        reason: 'NOT_VERIFIED',
        note: 'The deploy job ended without a verified service.',
      };
}

/** At the end of the run. `rejectedBy`: reviewers who rejected it, as far as GitHub said so. `bake` as above. */
export function decideSettle(
  state: ChangeState,
  run: JobStatus,
  rejectedBy: readonly string[],
  bake?: string,
): Decision {
  if (isEnd(state)) return { kind: 'nothing' };
  if (state === 'deploying' && bake !== undefined) return { kind: 'baking', from: bake };
  if (state === 'deploying' || state === 'verified') return { kind: 'left-open' };
  if (state === 'planned' && rejectedBy.length > 0) {
    const note = `Rejected by ${rejectedBy.join(', ')}.`;
    return { kind: 'end', to: 'rejected', reason: 'APPROVAL_REJECTED', note };
  }
  return run === 'cancelled'
    ? {
        kind: 'end',
        to: 'withdrawn',
        reason: 'RUN_CANCELLED',
        note: `The run was cancelled when this was ${state}.`,
      }
    : { kind: 'end', to: 'abandoned', reason: 'RUN_FAILED', note: `The run ended when this was ${state}.` };
}
