import type { JobState } from '../job/job-state.ts';
import type { Conclusion } from '../ports.ts';
import { reasonOf } from '../reason-of.ts';

export interface Attempt {
  readonly name: string;
  /** Evaluated before the work, and again when the job is cancelled meanwhile: what still holds goes on. */
  readonly holds: () => boolean;
  readonly timeoutMinutes?: number;
  /** Of the composite step around. */
  readonly stop?: AbortSignal;
}

/** Does one piece of a job under its condition, its time limit and the job's cancellation. Never throws. */
export async function attempt(
  job: JobState,
  { name, holds, timeoutMinutes, stop: outer }: Attempt,
  work: (stop: AbortSignal) => Promise<'success' | 'failure'>,
): Promise<Conclusion> {
  const own = new AbortController();
  const onCancel = () => {
    if (!stillHolds(holds)) own.abort('cancelled');
  };
  const onOuter = () => own.abort(outer?.reason);
  let timer: NodeJS.Timeout | undefined;
  try {
    if (!holds()) return 'skipped';
    if (!job.stop.aborted) job.stop.addEventListener('abort', onCancel, { once: true });
    outer?.addEventListener('abort', onOuter, { once: true });
    if (outer?.aborted) onOuter();
    if (timeoutMinutes !== undefined && timeoutMinutes > 0) {
      timer = setTimeout(() => own.abort('timeout'), timeoutMinutes * job.minute);
    }
    const result = await work(own.signal);
    if (!own.signal.aborted) return result;
    if (own.signal.reason !== 'timeout') {
      job.log.annotate('error', 'The operation was canceled.');
      return 'cancelled';
    }
    if (timer)
      job.log.annotate('error', `The action '${name}' has timed out after ${timeoutMinutes} minutes.`);
    return 'failure';
  } catch (cause) {
    job.log.annotate('error', reasonOf(cause));
    return own.signal.aborted && own.signal.reason !== 'timeout' ? 'cancelled' : 'failure';
  } finally {
    clearTimeout(timer);
    job.stop.removeEventListener('abort', onCancel);
    outer?.removeEventListener('abort', onOuter);
  }
}

function stillHolds(holds: () => boolean): boolean {
  try {
    return holds();
  } catch {
    return false; // said when it was evaluated first
  }
}
