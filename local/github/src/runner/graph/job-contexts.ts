import { writeFileSync } from 'node:fs';
import { arch, platform } from 'node:os';
import type { Scope } from '../expressions/scope.ts';
import { fill } from '../expressions/template.ts';
import type { JobFolders } from '../job/job-folders.ts';
import type { JobCredentials } from '../ports.ts';
import type { ResolvedSteps } from '../resolve/resolved-workflow.ts';
import { type Mapping, mapping, strings, type Value } from '../value.ts';
import type { Place } from './ready-job.ts';
import type { RunState, WorkflowScope } from './run-state.ts';

/** The contexts of a job, `job.status` apart (GitHub, "Contexts reference"). */
export function contextsOf(
  scope: WorkflowScope,
  { definition }: ResolvedSteps,
  { contexts }: Scope,
  { folders, record, variables }: Place,
  { githubToken }: JobCredentials,
): Mapping {
  const { run, workflow } = scope;
  const { source } = workflow.file;
  writeFileSync(folders.event, JSON.stringify(run.github['event'] ?? {}));
  return {
    ...contexts,
    github: {
      ...run.github,
      token: githubToken,
      job: definition.id,
      job_workflow_sha: source.sha,
      workspace: folders.workspace,
      event_path: folders.event,
    },
    job: {
      check_run_id: record.id,
      container: {},
      services: {},
      workflow_ref: `${source.repository}/${source.path}@${source.ref}`,
      workflow_sha: source.sha,
      workflow_repository: source.repository,
      workflow_file_path: source.path,
    },
    runner: {
      name: 'Local runner',
      os: platform() === 'darwin' ? 'macOS' : 'Linux',
      arch: arch() === 'arm64' ? 'ARM64' : 'X64',
      environment: 'github-hosted',
      ...(run.options.secrets?.['ACTIONS_STEP_DEBUG'] === 'true' ? { debug: '1' } : {}),
      temp: folders.temp,
      tool_cache: folders.tools,
    },
    vars: variables,
  };
}

/** `env` of the job's own file, then of the job. A called workflow does not see its caller's `env`. */
export function jobEnv({ workflow }: WorkflowScope, { work }: ResolvedSteps, expressions: Scope) {
  const evaluated = (value: Value) => strings(mapping(fill(value, expressions)));
  return { ...evaluated(workflow.file.env), ...evaluated(work.env) };
}

/** The runner's own environment: of the machine it has nothing but PATH. */
export function machineEnv({ options }: RunState, { home }: JobFolders) {
  return { PATH: process.env['PATH'] ?? '', HOME: home, LANG: 'C.UTF-8', ...options.env };
}
