import type { Scope } from '../expressions/scope.ts';
import type { ResolvedJob } from '../resolve/resolved-workflow.ts';
import type { JobEnd } from '../run-result.ts';
import { callWorkflow } from './call-workflow.ts';
import type { Leg } from './matrix.ts';
import { runOnRunner } from './run-on-runner.ts';
import type { WorkflowScope } from './run-state.ts';

/** One combination of a job's matrix, or the job itself. */
export function runLeg(
  scope: WorkflowScope,
  job: ResolvedJob,
  expressions: Scope,
  leg: Leg,
  stop: AbortSignal,
): Promise<JobEnd> {
  return job.kind === 'call'
    ? callWorkflow(scope, job, expressions, leg, stop)
    : runOnRunner(scope, job, expressions, leg, stop);
}
