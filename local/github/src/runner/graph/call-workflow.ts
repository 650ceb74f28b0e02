import type { Scope } from '../expressions/scope.ts';
import { fill, fillText } from '../expressions/template.ts';
import { declaredInputs, declaredOutputs, declaredSecrets } from '../files/declared-inputs.ts';
import type { Conclusion } from '../ports.ts';
import { reasonOf } from '../reason-of.ts';
import type { ResolvedCall } from '../resolve/resolved-workflow.ts';
import { typedInputs } from '../resolve/typed-inputs.ts';
import type { JobEnd } from '../run-result.ts';
import { mapping, type Strings, strings } from '../value.ts';
import { concurrencyOf } from './concurrency.ts';
import { inGroup } from './in-group.ts';
import { jobName } from './job-name.ts';
import type { Leg } from './matrix.ts';
import { recordOnly } from './record-only.ts';
import type { WorkflowScope } from './run-state.ts';

/** A job that calls a workflow: its inputs and secrets go in, its outputs come out, and nothing else passes. */
export async function callWorkflow(
  scope: WorkflowScope,
  job: ResolvedCall,
  expressions: Scope,
  leg: Leg,
  stop: AbortSignal,
): Promise<JobEnd> {
  const { run, names } = scope;
  const trigger = job.called.file.on['workflow_call'];
  const cancelled = AbortSignal.any([scope.cancelled, stop]);
  try {
    const called: WorkflowScope = {
      run,
      workflow: job.called,
      inputs: inputsOf(job, expressions),
      secrets: secretsOf(scope, job, expressions),
      cancelled,
      names: {
        shown: `${names.shown}${jobName(job.definition, expressions, leg.suffix)} / `,
        id: `${names.id}${job.definition.id}/`,
      },
      held: scope.held,
    };
    const groups = [
      concurrencyOf(job.definition.concurrency, expressions),
      concurrencyOf(job.called.file.concurrency, {
        ...expressions,
        contexts: { github: run.github, inputs: called.inputs, vars: run.options.variables ?? {} },
      }),
    ].filter((group) => group !== undefined);
    let refusal: string | undefined;
    const waiting = {
      stop: cancelled,
      onRefused: (reason: string) => {
        refusal = reason;
      },
    };
    const end = await inGroup(called, groups, waiting, async (inside) => {
      const jobs = await run.runJobs(inside);
      const results = [...jobs.values()].map(({ result }) => result);
      return { result: worst(results), outputs: outputsOf(inside, jobs, declaredOutputs(trigger)) };
    });
    return end ?? recordOnly(scope, job, expressions, 'cancelled', refusal);
  } catch (cause) {
    return recordOnly(scope, job, expressions, 'failure', reasonOf(cause));
  }
}

function inputsOf(job: ResolvedCall, expressions: Scope) {
  const given = mapping(fill(job.work.inputs, expressions));
  return typedInputs(declaredInputs(job.called.file.on['workflow_call']), given, (value) =>
    fill(value, expressions),
  );
}

/** Explicit ones by their declared names; `inherit` passes whatever the calling workflow has. */
function secretsOf(scope: WorkflowScope, { work, called }: ResolvedCall, expressions: Scope): Strings {
  if (work.secrets === 'inherit') return scope.secrets;
  const contexts = { ...expressions.contexts, secrets: scope.secrets };
  const given = strings(mapping(fill(work.secrets, { ...expressions, contexts })));
  const byName = new Map(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
  return Object.fromEntries(
    declaredSecrets(called.file.on['workflow_call']).flatMap(({ name }) => {
      const value = byName.get(name.toLowerCase());
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
}

function outputsOf(
  { run, inputs }: WorkflowScope,
  jobs: ReadonlyMap<string, JobEnd>,
  declared: ReturnType<typeof declaredOutputs>,
): Strings {
  const scope: Scope = {
    contexts: {
      github: run.github,
      inputs,
      vars: run.options.variables ?? {},
      jobs: Object.fromEntries([...jobs].map(([id, end]) => [id, { ...end }])),
    },
    status: { success: () => true, failure: () => false, cancelled: () => false },
  };
  return Object.fromEntries(
    Object.entries(declared)
      .map(([name, value]) => [name, fillText(value, scope)] as const)
      .filter(([, value]) => value !== ''),
  );
}

export function worst(results: readonly Conclusion[]): Conclusion {
  if (results.includes('failure')) return 'failure';
  if (results.includes('cancelled')) return 'cancelled';
  return results.length > 0 && results.every((each) => each === 'skipped') ? 'skipped' : 'success';
}
