import { join } from 'node:path';
import type { Scope } from '../expressions/scope.ts';
import { makeFolders, removeFolders } from '../job/job-folders.ts';
import { listSteps } from '../job/job-steps.ts';
import { type JobOutcome, runJob } from '../job/run-job.ts';
import type { Conclusion } from '../ports.ts';
import { reasonOf } from '../reason-of.ts';
import type { ResolvedSteps } from '../resolve/resolved-workflow.ts';
import type { JobEnd } from '../run-result.ts';
import { inGroup } from './in-group.ts';
import type { Leg } from './matrix.ts';
import { passGate } from './pass-gate.ts';
import { type Planned, planJob } from './plan-job.ts';
import { readyJob } from './ready-job.ts';
import { recordOnly } from './record-only.ts';
import type { WorkflowScope } from './run-state.ts';

/** A job of steps, in the order of GitHub's own gates: concurrency, environment, a runner. */
export async function runOnRunner(
  scope: WorkflowScope,
  job: ResolvedSteps,
  expressions: Scope,
  leg: Leg,
  stop: AbortSignal,
): Promise<JobEnd> {
  let planned: Planned;
  try {
    planned = planJob(scope, job, expressions, leg);
  } catch (cause) {
    return recordOnly(scope, job, expressions, 'failure', reasonOf(cause));
  }
  const { run } = scope;
  const { record, name, log } = planned;
  run.emit({ kind: 'job-queued', job: name });
  const steps = listSteps(record, log, () => run.host.now());
  const never = (conclusion: 'failure' | 'cancelled', reason: string): JobOutcome => {
    log.annotate('error', reason);
    return { conclusion, outputs: {} };
  };
  let refusal = 'The operation was canceled.';
  const waiting = {
    job: name,
    stop,
    onRefused: (reason: string) => {
      refusal = reason;
    },
  };
  const outcome =
    (await inGroup(scope, planned.groups, waiting, async (_, cancelled) => {
      const gate = await passGate(run, planned, cancelled);
      if (gate.kind !== 'open')
        return never(gate.kind === 'cancelled' ? 'cancelled' : 'failure', gate.reason);
      const free = await run.slots.take(cancelled);
      if (!free) return never('cancelled', 'The operation was canceled.');
      const folders = await makeFolders(join(run.folder, `job-${record.id}`), run.source.repository);
      const started = readyJob(scope, job, expressions, { ...planned, folders, steps, stop: cancelled });
      try {
        run.emit({ kind: 'job-started', job: name });
        return await runJob(started.ready());
      } catch (cause) {
        return never('failure', reasonOf(cause));
      } finally {
        started.end();
        await removeFolders(folders);
        free();
      }
    })) ?? never('cancelled', refusal);
  return finish(scope, planned, outcome, steps.reports);
}

function finish(
  { run }: WorkflowScope,
  { record, name, log, continueOnError }: Planned,
  { conclusion, outputs, environmentUrl }: JobOutcome,
  steps: ReturnType<typeof listSteps>['reports'],
): JobEnd {
  record.finish({
    conclusion,
    log: log.text(),
    ...(environmentUrl === undefined ? {} : { environmentUrl }),
  });
  run.emit({ kind: 'job-finished', job: name, conclusion });
  run.reports.push({
    ...name,
    conclusion,
    outputs,
    steps,
    summary: log.summaries.join('\n'),
    annotations: log.annotations,
    log: log.text(),
  });
  const result: Conclusion = conclusion === 'failure' && continueOnError ? 'success' : conclusion;
  return { result, outputs };
}
