import { type ChangeState, isEnd } from '@tenant-delivery/domain';
import type { CloseChangeInputs } from './inputs.ts';

type JobStatus = CloseChangeInputs['job-status'];

export type Decision =
  | { readonly kind: 'close' }
  | { readonly kind: 'end'; readonly to: ChangeState; readonly reason: string; readonly note: string }
  /** The record is where it should be. */
  | { readonly kind: 'nothing' }
  /** Begun to deploy and not ended: only the deploy role, or whoever takes the lock next, may end it. */
  | { readonly kind: 'left-open' };

/** At the end of the deploy job. */
export function decideClose(state: ChangeState, job: JobStatus): Decision {
  if (state === 'verified') return { kind: 'close' };
  if (state !== 'deploying') return { kind: 'nothing' };
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

/** At the end of the run. `rejectedBy`: reviewers who rejected it, as far as GitHub said so. */
export function decideSettle(state: ChangeState, run: JobStatus, rejectedBy: readonly string[]): Decision {
  if (isEnd(state)) return { kind: 'nothing' };
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
