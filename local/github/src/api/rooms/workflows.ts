import { parse } from 'yaml';
import { readFileAt } from '../../git/tree.ts';
import { resolveRef } from '../../runner/files/at-commit.ts';
import { type DeclaredInput, declaredInputs } from '../../runner/files/declared-inputs.ts';
import { actionsBot } from '../../world/actions-bot.ts';
import type { Repository } from '../../world/repository.ts';
import { createRun } from '../../world/run.ts';
import { timeOf } from '../../world/world.ts';
import { bodyOf } from '../body.ts';
import { ok, type Reply, type RepositoryCall, type Route } from '../call.ts';
import { notFound, unprocessable } from '../errors.ts';
import { read, write } from '../routes.ts';
import { nodeId } from '../show/node-id.ts';
import { repositoryUrl } from '../show/repository.ts';
import { listRuns } from './runs.ts';

const PATH = '/actions/workflows/{workflow_id}';

/** Workflow files of the default branch, their runs, and how one is started. */
export const workflows: readonly Route[] = [
  read(['actions'], PATH, async (call) => ok(show(call, await workflowIn(call)))),
  read(['actions'], `${PATH}/runs`, async (call) => {
    const { path } = await workflowIn(call);
    return listRuns(call, ({ workflow }) => workflow.path === path);
  }),
  write('POST', ['actions'], `${PATH}/dispatches`, dispatch),
];

interface WorkflowFile {
  readonly path: string;
  readonly name: string;
  readonly runName: string | undefined;
  /** What `workflow_dispatch` declares; undefined when it can't be dispatched. */
  readonly inputs: readonly DeclaredInput[] | undefined;
}

/** By its file's name, as every client of ours asks. */
async function workflowIn(call: RepositoryCall): Promise<WorkflowFile> {
  const { repository, parameters } = call;
  const found = await workflowAt(repository, repository.defaultBranch, parameters['workflow_id'] ?? '');
  if (!found) throw notFound();
  return found.file;
}

async function workflowAt(
  repository: Repository,
  ref: string,
  name: string,
): Promise<{ readonly file: WorkflowFile; readonly sha: string; readonly ref: string } | undefined> {
  const at = await resolveRef(repository.path, ref);
  const path = `.github/workflows/${name}`;
  const bytes = at && (await readFileAt(repository.path, at.sha, path));
  if (!at || !bytes) return undefined;
  const content: Readonly<Record<string, unknown>> = Object(parse(bytes.toString()));
  const on: unknown = content['on'];
  const triggers = typeof on === 'string' ? [on] : Array.isArray(on) ? on : Object.keys(Object(on));
  return {
    ...at,
    file: {
      path,
      name: String(content['name'] ?? path),
      runName: content['run-name'] === undefined ? undefined : String(content['run-name']),
      inputs: triggers.includes('workflow_dispatch')
        ? declaredInputs(Object(on)['workflow_dispatch'])
        : undefined,
    },
  };
}

/** Makes a run that waits for somebody to play it: `runWorkflow` does not see it. */
async function dispatch(call: RepositoryCall): Promise<Reply> {
  const { repository, world } = call;
  const body = bodyOf(call, 'WorkflowDispatch');
  const wanted = body.text('ref');
  const found = await workflowAt(repository, wanted, call.parameters['workflow_id'] ?? '');
  if (!found)
    throw (await resolveRef(repository.path, wanted))
      ? notFound()
      : unprocessable(`No ref found for: ${wanted}`);
  const { file, sha, ref } = found;
  if (!file.inputs) throw unprocessable("Workflow does not have 'workflow_dispatch' trigger");
  const inputs: Readonly<Record<string, unknown>> = { ...Object(call.body['inputs']) };
  checkInputs(file.inputs, inputs);
  const actor = call.principal?.kind === 'user' ? call.principal.user : actionsBot(world);
  const title = file.runName?.replaceAll(/\$\{\{\s*inputs\.([\w-]+)\s*\}\}/g, (_, name: string) =>
    String(inputs[name] ?? ''),
  );
  const run = createRun(world, repository, {
    workflow: { repository: repository.fullName, path: file.path, ref, sha },
    name: file.name,
    title: title ?? file.name,
    event: 'workflow_dispatch',
    ref,
    sha,
    actor: actor.login,
    inputs,
  });
  if (call.body['return_run_details'] !== true) return { status: 204 };
  const url = `${repositoryUrl(world, repository)}/actions/runs/${run.id}`;
  return ok({
    workflow_run_id: run.id,
    run_url: url,
    html_url: `${world.url}/${repository.fullName}/actions/runs/${run.id}`,
  });
}

function checkInputs(declared: readonly DeclaredInput[], given: Readonly<Record<string, unknown>>): void {
  const unknown = Object.keys(given).filter((name) => !declared.some((input) => input.name === name));
  if (unknown.length > 0) throw unprocessable(`Unexpected inputs provided: ${JSON.stringify(unknown)}`);
  for (const { name, type, required, options, ...input } of declared) {
    const value = given[name] ?? input.default;
    if (required && value === undefined) throw unprocessable(`Required input '${name}' not provided`);
    if (type === 'choice' && value !== undefined && !options.includes(String(value)))
      throw unprocessable(`Provided value '${value}' for input '${name}' not in the list of allowed values`);
  }
}

function show({ world, repository }: RepositoryCall, { path, name }: WorkflowFile) {
  const id = 500_000_000 + repository.id;
  return {
    id,
    node_id: nodeId('Workflow', id),
    name,
    path,
    state: 'active',
    created_at: timeOf(world, repository.createdAt),
    updated_at: timeOf(world, repository.createdAt),
    url: `${repositoryUrl(world, repository)}/actions/workflows/${id}`,
    html_url: `${world.url}/${repository.fullName}/blob/${repository.defaultBranch}/${path}`,
    badge_url: `${world.url}/${repository.fullName}/workflows/${encodeURIComponent(name)}/badge.svg`,
  };
}
