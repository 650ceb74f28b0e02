import type { JobName } from '../run-event.ts';
import type { Concurrency } from './concurrency.ts';
import type { WorkflowScope } from './run-state.ts';

export interface Waiting {
  /** For a job of its own: events tell that it waits. */
  readonly job?: JobName;
  readonly stop: AbortSignal;
  /** Told why it never began. */
  readonly onRefused: (reason: string) => void;
}

/**
 * Does the work while it is a member of each concurrency group, and hands it a signal that aborts when a later
 * member cancels it. Undefined when it was cancelled before it began.
 */
export async function inGroup<R>(
  scope: WorkflowScope,
  groups: readonly Concurrency[],
  waiting: Waiting,
  work: (scope: WorkflowScope, cancelled: AbortSignal) => Promise<R>,
): Promise<R | undefined> {
  const [first, ...rest] = groups;
  if (!first) return work(scope, waiting.stop);
  const { run, held } = scope;
  const key = first.group.toLowerCase();
  if (held.has(key)) {
    waiting.onRefused(
      `Canceling since a deadlock for concurrency group '${first.group}' was detected between 'top level workflow' and this job`,
    );
    return undefined;
  }
  const replaced = new AbortController();
  const admission = await run.groups.enter(
    {
      repository: run.source.repository,
      concurrency: first,
      onCancel: (reason) => replaced.abort(reason),
      onWaiting: () => {
        const { job } = waiting;
        if (job) run.emit({ kind: 'job-waiting', job, on: { kind: 'concurrency', group: first.group } });
      },
    },
    waiting.stop,
  );
  if (admission.kind === 'cancelled') {
    waiting.onRefused(admission.reason);
    return undefined;
  }
  try {
    const stop = AbortSignal.any([waiting.stop, replaced.signal]);
    const inside = {
      ...scope,
      held: new Set([...held, key]),
      cancelled: AbortSignal.any([scope.cancelled, replaced.signal]),
    };
    return await inGroup(inside, rest, { ...waiting, stop }, work);
  } finally {
    admission.leave();
  }
}
