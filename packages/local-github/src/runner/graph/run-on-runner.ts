import { join } from 'node:path';
import type { Scope } from '../expressions/scope.ts';
import { fill, fillText } from '../expressions/template.ts';
import { makeFolders, removeFolders } from '../job/job-folders.ts';
import { createJobLog, type JobLog } from '../job/job-log.ts';
import { listSteps } from '../job/job-steps.ts';
import { type JobOutcome, runJob } from '../job/run-job.ts';
import type { Conclusion, HostJob } from '../ports.ts';
import { reasonOf } from '../reason-of.ts';
import type { ResolvedSteps } from '../resolve/resolved-workflow.ts';
import type { JobName } from '../run-event.ts';
import type { JobEnd } from '../run-result.ts';
import { isMapping, list, type Strings, text, truthy } from '../value.ts';
import { concurrencyOf } from './concurrency.ts';
import { inGroup } from './in-group.ts';
import { jobName } from './job-name.ts';
import type { Leg } from './matrix.ts';
import { passGate } from './pass-gate.ts';
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
    planned = plan(scope, job, expressions, leg);
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

export interface Planned {
  readonly record: HostJob;
  readonly name: JobName;
  readonly log: JobLog;
  readonly groups: readonly NonNullable<ReturnType<typeof concurrencyOf>>[];
  readonly environment: string | undefined;
  readonly continueOnError: boolean;
  /** `vars` with those of the environment. */
  readonly variables: Strings;
  /** `secrets` with those of the environment, which win. */
  readonly secrets: Strings;
}

function plan(
  scope: WorkflowScope,
  { definition, work, permissions }: ResolvedSteps,
  expressions: Scope,
  leg: Leg,
): Planned {
  const { run, names } = scope;
  const shown = `${names.shown}${jobName(definition, expressions, leg.suffix)}`;
  const { environment: written } = work;
  const environment = fillText(isMapping(written) ? written['name'] : written, expressions);
  const deployment = !isMapping(written) || fill(written['deployment'] ?? true, expressions) !== false;
  const continueOnError = truthy(fill(work.continueOnError ?? false, expressions));
  const concurrency = concurrencyOf(definition.concurrency, expressions);
  const record = run.run.queueJob({
    name: shown,
    workflow: scope.workflow.file.source,
    permissions,
    labels: labelsOf(fill(work.runsOn, expressions)),
    ...(environment === '' ? {} : { environment: { name: environment, deployment } }),
  });
  const name = { apiId: record.id, id: `${names.id}${definition.id}`, name: shown };
  const { options } = run;
  const environmentSecrets = run.run.fromFork ? {} : (options.environmentSecrets?.[environment] ?? {});
  return {
    record,
    name,
    log: createJobLog(name, run.emit, options.secrets?.['ACTIONS_STEP_DEBUG'] === 'true'),
    groups: concurrency ? [concurrency] : [],
    environment: environment === '' ? undefined : environment,
    continueOnError,
    variables: { ...options.variables, ...options.environmentVariables?.[environment] },
    secrets: { ...scope.secrets, ...environmentSecrets },
  };
}

function labelsOf(runsOn: ReturnType<typeof fill>): readonly string[] {
  if (!isMapping(runsOn)) return list(runsOn).map(text);
  return [...list(runsOn['labels']).map(text), ...list(runsOn['group']).map(text)];
}

function finish(
  { run }: WorkflowScope,
  { record, name, log, continueOnError }: Planned,
  { conclusion, outputs, environmentUrl }: JobOutcome,
  steps: ReturnType<typeof listSteps>['reports'],
): JobEnd {
  record.finish({ conclusion, ...(environmentUrl === undefined ? {} : { environmentUrl }) });
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
