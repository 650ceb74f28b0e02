import { problemsOfWorkflow } from '../files/official-parser.ts';
import { type JobCall, type JobDefinition, readWorkflow, type WorkflowFile } from '../files/workflow-file.ts';
import type { Host, Permissions, WorkflowSource } from '../ports.ts';
import type { Problem } from '../run-refused.ts';
import { shellProblem } from '../step/shell.ts';
import type { ActionCatalog } from './action-catalog.ts';
import { callProblems } from './call-problems.ts';
import { locateWorkflow } from './locate-workflow.ts';
import { DEFAULT_PERMISSIONS, excess, permissionsOf } from './permissions.ts';
import type { ResolvedJob, ResolvedWorkflow } from './resolved-workflow.ts';
import { triggerProblems } from './trigger-problems.ts';

/** The run's own workflow and nine more below it (GitHub, "Reuse workflows": nesting). */
const MAX_LEVELS = 10;
const MAX_CALLED = 50;

export interface Resolution {
  readonly host: Host;
  readonly catalog: ActionCatalog;
  readonly problems: Problem[];
  /** Called workflows, in the order in which they were met. */
  readonly referenced: WorkflowSource[];
}

/** How a called workflow came to be read: who calls it, and what the calling job may grant. */
interface Caller {
  readonly chain: readonly WorkflowSource[];
  readonly grants: Permissions;
  /** As the calling job writes it. */
  readonly uses: string;
}

/** Reads a workflow, what it calls and the actions that they use. Problems are collected, not thrown. */
export async function resolveWorkflow(
  resolution: Resolution,
  source: WorkflowSource,
  content: string,
  caller?: Caller,
): Promise<ResolvedWorkflow | undefined> {
  const name = caller ? `${source.repository}/${source.path}@${source.ref}` : source.path;
  const wrong = await problemsOfWorkflow(name, content);
  resolution.problems.push(...wrong);
  if (wrong.length > 0) return undefined;
  const file = readWorkflow(source, name, content);
  resolution.problems.push(...triggerProblems(file));
  const jobs: ResolvedJob[] = [];
  for (const definition of file.jobs) {
    const job = await resolveJob(resolution, file, definition, caller);
    if (job) jobs.push(job);
  }
  return { file, jobs };
}

async function resolveJob(
  resolution: Resolution,
  file: WorkflowFile,
  definition: JobDefinition,
  caller: Caller | undefined,
): Promise<ResolvedJob | undefined> {
  const permissions = grantsOf(resolution, file, definition, caller);
  const { work } = definition;
  if (work.kind === 'call') return resolveCall(resolution, file, definition, work, permissions, caller);
  for (const key of work.unsupported) {
    resolution.problems.push(
      file.yaml.problem(['jobs', definition.id, key], `Jobs with '${key}' are not supported.`),
    );
  }
  const shell = work.defaults['shell'];
  const problem = typeof shell === 'string' ? shellProblem(shell) : undefined;
  if (problem)
    resolution.problems.push(file.yaml.problem(['jobs', definition.id, 'defaults', 'run', 'shell'], problem));
  resolution.problems.push(...(await resolution.catalog.add(file.source, file.yaml, work.steps)));
  return { kind: 'steps', definition, work, permissions };
}

/** What the job's token may do. A called job that needs more than its caller grants makes the run invalid. */
function grantsOf(
  { problems }: Resolution,
  file: WorkflowFile,
  definition: JobDefinition,
  caller: Caller | undefined,
): Permissions {
  const written = definition.permissions ?? file.permissions;
  const most = caller?.grants ?? DEFAULT_PERMISSIONS;
  if (written === undefined) return most;
  const asked = permissionsOf(written);
  if (!caller) return asked;
  for (const each of excess(asked, most)) {
    const path =
      definition.permissions === undefined ? ['permissions'] : ['jobs', definition.id, 'permissions'];
    problems.push(
      file.yaml.problem(
        path,
        `Error calling workflow '${caller.uses}'. The nested job '${definition.id}' is requesting ${each}.`,
      ),
    );
  }
  return asked;
}

async function resolveCall(
  resolution: Resolution,
  file: WorkflowFile,
  definition: JobDefinition,
  work: JobCall,
  grants: Permissions,
  caller: Caller | undefined,
): Promise<ResolvedJob | undefined> {
  const path = ['jobs', definition.id, 'uses'];
  const refuse = (message: string) => {
    resolution.problems.push(file.yaml.problem(path, message));
    return undefined;
  };
  const chain = [...(caller?.chain ?? []), file.source];
  if (chain.length >= MAX_LEVELS)
    return refuse(`Workflows may call each other over ${MAX_LEVELS} levels at most.`);
  const found = await locateWorkflow(resolution.host, file.source, work.uses);
  if (typeof found === 'string') return refuse(found);
  if (
    chain.some(
      ({ repository, path: at }) => repository === found.source.repository && at === found.source.path,
    )
  ) {
    return refuse(`\`${work.uses}\` calls itself.`);
  }
  if (!resolution.referenced.some((each) => same(each, found.source)))
    resolution.referenced.push(found.source);
  if (resolution.referenced.length > MAX_CALLED)
    return refuse(`A run may call ${MAX_CALLED} workflows at most.`);
  const called = await resolveWorkflow(resolution, found.source, found.content, {
    chain,
    grants,
    uses: work.uses,
  });
  if (!called) return undefined;
  if (!('workflow_call' in called.file.on)) return refuse(`\`${work.uses}\` has no 'workflow_call' trigger.`);
  for (const message of callProblems(work, called.file)) {
    resolution.problems.push(file.yaml.problem(['jobs', definition.id, 'with'], message));
  }
  return { kind: 'call', definition, work, called };
}

function same(a: WorkflowSource, b: WorkflowSource): boolean {
  return a.repository === b.repository && a.path === b.path && a.ref === b.ref;
}
