import type { Scope } from '../expressions/scope.ts';
import type { ResolvedJob } from '../resolve/resolved-workflow.ts';
import type { Annotation, JobName } from '../run-event.ts';
import type { JobEnd } from '../run-result.ts';
import { jobName } from './job-name.ts';
import type { WorkflowScope } from './run-state.ts';

/** A job that has a record and a result but never runs: skipped, cancelled, or failed before its first step. */
export function recordOnly(
  scope: WorkflowScope,
  job: ResolvedJob,
  expressions: Scope,
  result: 'skipped' | 'failure' | 'cancelled',
  message?: string,
): JobEnd {
  const { run, names, workflow } = scope;
  const shown = `${names.shown}${jobName(job.definition, expressions, '')}`;
  const id = `${names.id}${job.definition.id}`;
  const record = run.run.queueJob({
    name: shown,
    workflow: workflow.file.source,
    permissions: {},
    labels: [],
  });
  const name: JobName = { apiId: record.id, id, name: shown };
  run.emit({ kind: 'job-queued', job: name });
  const annotations: Annotation[] = message === undefined ? [] : [{ level: 'error', message, step: null }];
  for (const annotation of annotations) run.emit({ kind: 'annotation', job: name, annotation });
  record.finish({ conclusion: result });
  run.emit({ kind: 'job-finished', job: name, conclusion: result });
  run.reports.push({
    ...name,
    conclusion: result,
    outputs: {},
    steps: [],
    summary: '',
    annotations,
    log: '',
  });
  return { result, outputs: {} };
}
