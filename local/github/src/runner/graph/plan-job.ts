import type { Scope } from '../expressions/scope.ts';
import { fill, fillText } from '../expressions/template.ts';
import { createJobLog, type JobLog } from '../job/job-log.ts';
import type { HostJob } from '../ports.ts';
import type { ResolvedSteps } from '../resolve/resolved-workflow.ts';
import type { JobName } from '../run-event.ts';
import { isMapping, list, type Strings, text, truthy } from '../value.ts';
import { type Concurrency, concurrencyOf } from './concurrency.ts';
import { jobName } from './job-name.ts';
import type { Leg } from './matrix.ts';
import type { WorkflowScope } from './run-state.ts';

/** A job that is queued: it has a record and a name, and waits for its gates. */
export interface Planned {
  readonly record: HostJob;
  readonly name: JobName;
  readonly log: JobLog;
  readonly groups: readonly Concurrency[];
  readonly environment: string | undefined;
  readonly continueOnError: boolean;
  /** `vars` with those of the environment, as they are when they are read: at the start of the job. */
  readonly variables: Strings;
  /** `secrets` with those of the environment, which win; read at the start of the job too. */
  readonly secrets: Strings;
}

/** Evaluates what must be known before the job runs, and queues it. */
export function planJob(
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
  return {
    record,
    name,
    log: createJobLog(name, run.emit, options.secrets?.['ACTIONS_STEP_DEBUG'] === 'true'),
    groups: concurrency ? [concurrency] : [],
    environment: environment === '' ? undefined : environment,
    continueOnError,
    get variables() {
      const own = named(options.environmentVariables, environment);
      return { ...options.variables, ...keptOf(run, 'variables', environment), ...own };
    },
    get secrets() {
      if (run.run.fromFork) return scope.secrets;
      const own = named(options.environmentSecrets, environment);
      return { ...scope.secrets, ...keptOf(run, 'secrets', environment), ...own };
    },
  };
}

/** What the environment keeps at this moment. */
function keptOf(
  { host, source }: WorkflowScope['run'],
  of: 'secrets' | 'variables',
  environment: string,
): Strings {
  return environment === '' ? {} : (host.repository(source.repository)?.kept(of, environment) ?? {});
}

function labelsOf(runsOn: ReturnType<typeof fill>): readonly string[] {
  if (!isMapping(runsOn)) return list(runsOn).map(text);
  return [...list(runsOn['labels']).map(text), ...list(runsOn['group']).map(text)];
}

/** Environments are the same whatever the case of their names. */
function named(all: Readonly<Record<string, Strings>> | undefined, environment: string): Strings {
  const [, own] =
    Object.entries(all ?? {}).find(([name]) => name.toLowerCase() === environment.toLowerCase()) ?? [];
  return own ?? {};
}
