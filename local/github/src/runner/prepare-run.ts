import { fileAt, resolveRef } from './files/at-commit.ts';
import { declaredInputs } from './files/declared-inputs.ts';
import type { Host, HostRepository, WorkflowSource } from './ports.ts';
import { type ActionCatalog, createCatalog } from './resolve/action-catalog.ts';
import { changedFiles } from './resolve/changed-files.ts';
import { type DispatchInputs, dispatchInputs } from './resolve/dispatch-inputs.ts';
import { resolveWorkflow } from './resolve/resolve-workflow.ts';
import type { ResolvedWorkflow } from './resolve/resolved-workflow.ts';
import { type Occasion, whyNotTriggered } from './resolve/triggers.ts';
import type { RunOptions } from './run-options.ts';
import { type Problem, RunRefused } from './run-refused.ts';
import { mapping, text, toValue } from './value.ts';

/** A run in which nothing is left to find wrong before it starts. */
export interface PreparedRun {
  readonly repository: HostRepository;
  readonly source: WorkflowSource;
  readonly workflow: ResolvedWorkflow;
  readonly catalog: ActionCatalog;
  readonly referenced: readonly WorkflowSource[];
  readonly dispatched: DispatchInputs | undefined;
}

/** Reads and checks everything that the run will use. Throws RunRefused with every problem. */
export async function prepareRun(host: Host, options: RunOptions): Promise<PreparedRun> {
  const repository = host.repository(options.repository);
  const problems: Problem[] = [];
  const { actor, triggeringActor, approveAs } = options;
  const reviewers = typeof approveAs === 'object' ? Object.values(approveAs) : [approveAs];
  for (const login of [actor, triggeringActor, ...reviewers]) {
    if (login !== undefined && !host.user(login)) problems.push({ message: `There is no user ${login}.` });
  }
  if (!repository)
    throw new RunRefused([...problems, { message: `There is no repository ${options.repository}.` }]);
  const unknown = unknownFork(host, repository, options);
  if (unknown) problems.push({ message: unknown });
  const sha = await commitOf(host, repository, options);
  const content = sha === undefined ? undefined : await fileAt(repository.path, sha, options.workflow);
  if (sha === undefined || content === undefined) {
    const what =
      sha === undefined ? `no ref ${options.ref}` : `no file ${options.workflow} at ${options.ref}`;
    throw new RunRefused([...problems, { message: `${repository.fullName} has ${what}.` }]);
  }
  const source: WorkflowSource = {
    repository: repository.fullName,
    path: options.workflow,
    ref: options.ref,
    sha,
  };
  const catalog = createCatalog(host);
  const referenced: WorkflowSource[] = [];
  const workflow = await resolveWorkflow({ host, catalog, problems, referenced }, source, content);
  if (workflow) {
    const why = await whyNotTriggered(workflow.file.on, occasionOf(repository, source, options));
    if (why) problems.push(workflow.file.yaml.problem(['on'], why));
  }
  const dispatched = workflow && dispatchOf(workflow, options, problems);
  if (!workflow || problems.length > 0) throw new RunRefused(problems);
  return { repository, source, workflow, catalog, referenced, dispatched };
}

/** A pull request's merge commit may not be a ref of the repository; then its payload names the commit. */
async function commitOf(
  host: Host,
  repository: HostRepository,
  options: RunOptions,
): Promise<string | undefined> {
  const known = options.asked ?? options.rerunOf;
  if (known !== undefined) return host.commitOf(options.repository, known);
  const found = await resolveRef(repository.path, options.ref);
  if (found) return found.sha;
  const pull = mapping(mapping(toValue(options.payload))['pull_request']);
  const merged = text(pull['merge_commit_sha']) || text(mapping(pull['head'])['sha']);
  return merged === '' ? undefined : (await resolveRef(repository.path, merged))?.sha;
}

/** Whether a pull request comes from a fork decides what its run may do; only one that exists here can tell. */
function unknownFork(
  host: Host,
  repository: HostRepository,
  { payload, ref }: RunOptions,
): string | undefined {
  const pull = mapping(mapping(toValue(payload))['pull_request']);
  const head = text(mapping(mapping(pull['head'])['repo'])['full_name']);
  if (head === '' || head.toLowerCase() === repository.fullName.toLowerCase()) return undefined;
  const [, number = 'NaN'] = /^refs\/pull\/(\d+)\/merge$/.exec(ref) ?? [];
  if (host.pullRequest(repository.fullName, Number(number))) return undefined;
  return `The pull request's head lies in ${head}. Open it here (openPullRequest) and run its refs/pull/N/merge, so that it gets no more than a fork may have.`;
}

function occasionOf({ path }: HostRepository, { sha }: WorkflowSource, options: RunOptions): Occasion {
  const payload = mapping(toValue(options.payload));
  const before = mapping(payload['workflow_run']);
  return {
    event: options.event,
    ref: options.ref,
    baseRef: text(mapping(mapping(payload['pull_request'])['base'])['ref']),
    changed: () => changedFiles({ path, sha, payload }),
    ...(payload['action'] !== undefined && { activity: text(payload['action']) }),
    ...(options.event === 'workflow_run' && {
      after: { workflow: text(before['name']), branch: text(before['head_branch']) },
    }),
  };
}

function dispatchOf(
  { file }: ResolvedWorkflow,
  options: RunOptions,
  problems: Problem[],
): DispatchInputs | undefined {
  if (options.event !== 'workflow_dispatch') {
    if (options.inputs !== undefined)
      problems.push({ message: `Inputs belong to workflow_dispatch, not to ${options.event}.` });
    return undefined;
  }
  const result = dispatchInputs(declaredInputs(file.on['workflow_dispatch']), options.inputs ?? {});
  if (!('problems' in result)) return result;
  problems.push(...result.problems.map((message) => ({ file: options.workflow, message })));
  return undefined;
}
