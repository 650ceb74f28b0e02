import { type ChangeState, isEnd } from '@tenant-delivery/domain';
import type { CloseChangeInputs } from './inputs.ts';

type JobStatus = CloseChangeInputs['job-status'];

export type Decision =
  | { readonly kind: 'close' }
  | { readonly kind: 'end'; readonly to: ChangeState; readonly reason: string; readonly note: string }
  /** It has ended already. */
  | { readonly kind: 'nothing' }
  /** Nothing of it was deployed, and the last job of this run records its end. */
  | { readonly kind: 'not-begun' }
  /** Deployed and watched for longer than this run may wait: a later run concludes it, from `from` on (RFC 3339). */
  | { readonly kind: 'baking'; readonly from: string }
  /** The deployment waits at a pause hook for somebody's answer. */
  | { readonly kind: 'paused'; readonly hook: string }
  /** It began to deploy and has not ended. Only the run that deploys it, or the next holder of the lock, may end it. */
  | { readonly kind: 'left-open' };

/** What a change that deploys may wait for when its job is over; it goes on whatever became of the job. */
export interface Waiting {
  /** When its bake can be concluded, where one has begun. */
  readonly bake?: string | undefined;
  /** The pause hook that its deployment waits at. */
  readonly hook?: string | undefined;
}

/** At the end of the deploy job. */
export function decideClose(state: ChangeState, job: JobStatus, waiting: Waiting = {}): Decision {
  if (state === 'verified') return { kind: 'close' };
  if (isEnd(state)) return { kind: 'nothing' };
  if (state !== 'deploying') return { kind: 'not-begun' };
  const waits = waitingFor(waiting);
  if (waits) return waits;
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
export function decideSettle(
  state: ChangeState,
  run: JobStatus,
  rejectedBy: readonly string[],
  waiting: Waiting = {},
): Decision {
  if (isEnd(state)) return { kind: 'nothing' };
  const waits = state === 'deploying' ? waitingFor(waiting) : undefined;
  if (waits) return waits;
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

function waitingFor({ bake, hook }: Waiting): Decision | undefined {
  if (bake !== undefined) return { kind: 'baking', from: bake };
  return hook === undefined ? undefined : { kind: 'paused', hook };
}
