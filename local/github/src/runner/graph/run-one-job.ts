import { holds } from '../expressions/condition.ts';
import type { Scope } from '../expressions/scope.ts';
import { fill } from '../expressions/template.ts';
import type { Conclusion } from '../ports.ts';
import { reasonOf } from '../reason-of.ts';
import type { ResolvedJob } from '../resolve/resolved-workflow.ts';
import type { JobEnd } from '../run-result.ts';
import { mapping, truthy, type Value } from '../value.ts';
import { type Leg, legsOf } from './matrix.ts';
import { recordOnly } from './record-only.ts';
import { runLeg } from './run-leg.ts';
import type { WorkflowScope } from './run-state.ts';
import { createSlots } from './slots.ts';

export interface NeedResults {
  readonly direct: ReadonlyMap<string, JobEnd>;
  /** Of the needed jobs and of all that those need. */
  readonly ancestors: readonly JobEnd[];
}

/** One job of a workflow: its condition, then its legs. */
export async function runOneJob(scope: WorkflowScope, job: ResolvedJob, needs: NeedResults): Promise<JobEnd> {
  const expressions = scopeOfJob(scope, needs);
  const goesOn = () => holds(job.definition.condition, expressions);
  let legs: readonly Leg[];
  try {
    if (!goesOn()) return recordOnly(scope, job, expressions, 'skipped');
    legs = legsOf(fill(job.definition.strategy['matrix'] ?? null, expressions));
  } catch (cause) {
    return recordOnly(scope, job, expressions, 'failure', reasonOf(cause));
  }
  return combine(await runLegs(scope, job, expressions, legs, goesOn));
}

/** What a job's `if` and `strategy` can see. A skipped job anywhere before it is no success (actions/runner#491). */
function scopeOfJob({ run, inputs, cancelled }: WorkflowScope, { direct, ancestors }: NeedResults): Scope {
  const vars = run.options.variables ?? {};
  return {
    contexts: {
      github: run.github,
      needs: Object.fromEntries([...direct].map(([id, end]) => [id, { ...end }])),
      vars,
      inputs,
    },
    status: {
      success: () => !cancelled.aborted && ancestors.every(({ result }) => result === 'success'),
      failure: () => !cancelled.aborted && ancestors.some(({ result }) => result === 'failure'),
      cancelled: () => cancelled.aborted,
    },
  };
}

async function runLegs(
  scope: WorkflowScope,
  job: ResolvedJob,
  expressions: Scope,
  legs: readonly Leg[],
  goesOn: () => boolean,
): Promise<readonly JobEnd[]> {
  const strategy = mapping(fill(withoutMatrix(job.definition.strategy), expressions));
  const failFast = truthy(strategy['fail-fast'] ?? true);
  const limit = Number(strategy['max-parallel'] ?? legs.length);
  const slots = createSlots(limit > 0 ? limit : legs.length);
  const stop = new AbortController();
  const onCancel = () => {
    if (!stillHolds(goesOn)) stop.abort('The run was canceled.');
  };
  if (!scope.cancelled.aborted) scope.cancelled.addEventListener('abort', onCancel, { once: true });
  try {
    return await Promise.all(
      legs.map(async (leg, index) => {
        const free = await slots.take(new AbortController().signal);
        const contexts = {
          ...expressions.contexts,
          matrix: leg.matrix,
          strategy: {
            'fail-fast': failFast,
            'job-index': index,
            'job-total': legs.length,
            'max-parallel': limit,
          },
        };
        const end = await runLeg(scope, job, { ...expressions, contexts }, leg, stop.signal);
        free?.();
        if (failFast && legs.length > 1 && end.result === 'failure')
          stop.abort('Another leg of the matrix failed.');
        return end;
      }),
    );
  } finally {
    scope.cancelled.removeEventListener('abort', onCancel);
  }
}

function withoutMatrix(strategy: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(strategy).filter(([name]) => name !== 'matrix'));
}

function stillHolds(goesOn: () => boolean): boolean {
  try {
    return goesOn();
  } catch {
    return false; // said when it was evaluated first
  }
}

/** The legs of a matrix as one job: the worst result, and of each output the last that is not empty. */
function combine(ends: readonly JobEnd[]): JobEnd {
  const results = new Set(ends.map(({ result }) => result));
  const order: readonly Conclusion[] = ['failure', 'cancelled', 'success', 'skipped'];
  return {
    result: order.find((each) => results.has(each)) ?? 'success',
    outputs: Object.fromEntries(ends.flatMap(({ outputs }) => Object.entries(outputs))),
  };
}
