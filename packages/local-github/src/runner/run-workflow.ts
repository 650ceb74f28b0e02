import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportTree } from '../git/export-tree.ts';
import type { World } from '../world/world.ts';
import { NO_STATUS } from './expressions/scope.ts';
import { fillText } from './expressions/template.ts';
import { subjectAt } from './files/at-commit.ts';
import { eventOf, type Facts, githubContext } from './github-context.ts';
import { worst } from './graph/call-workflow.ts';
import { type ConcurrencyGroups, concurrencyOf, createGroups } from './graph/concurrency.ts';
import { inGroup } from './graph/in-group.ts';
import { runJobs } from './graph/run-jobs.ts';
import type { RunState, WorkflowScope } from './graph/run-state.ts';
import { createSlots, type Slots } from './graph/slots.ts';
import { hostOf } from './host-of-world.ts';
import type { Conclusion, Host } from './ports.ts';
import { type PreparedRun, prepareRun } from './prepare-run.ts';
import { withPullRequest } from './pull-request-payload.ts';
import type { CatalogAction } from './resolve/action-catalog.ts';
import type { RunOptions } from './run-options.ts';
import type { RunResult } from './run-result.ts';
import { type Mapping, mapping, text } from './value.ts';

/** Jobs that run at the same time, over all runs of one world. */
const RUNNERS = 4;

/** Shared by all runs of one world. */
const shared = new WeakMap<World, { readonly slots: Slots; readonly groups: ConcurrencyGroups }>();

/**
 * Runs a workflow of a repository as GitHub and its runner would, and answers when it has ended. Throws RunRefused,
 * with every problem, when there is something wrong with it before anything runs.
 */
export async function runWorkflow(given: RunOptions): Promise<RunResult> {
  const { world } = given.github;
  const host = hostOf(world);
  const options = withPullRequest(host, given);
  const prepared = await prepareRun(host, options);
  const folder = await mkdtemp(join(tmpdir(), 'local-github-run-'));
  try {
    return await carryOut(world, host, options, prepared, folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function carryOut(
  world: World,
  host: Host,
  options: RunOptions,
  prepared: PreparedRun,
  folder: string,
): Promise<RunResult> {
  const { workflow, source, repository, catalog, referenced, dispatched } = prepared;
  const facts: Facts = {
    host,
    repository,
    options,
    source,
    workflowName: workflow.file.name,
    dispatched: dispatched?.raw,
  };
  const event = eventOf(facts);
  const inputs = dispatched?.inputs ?? {};
  const title = await titleOf(prepared, options, event, inputs);
  const triggeringActor = options.triggeringActor ?? options.actor;
  const pull = Number(mapping(event['pull_request'])['number']);
  const run =
    options.rerunOf === undefined
      ? host.startRun({
          workflow: source,
          name: workflow.file.name,
          title,
          event: options.event,
          ref: options.ref,
          sha: source.sha,
          ...(Number.isInteger(pull) ? { pull } : {}),
          actor: options.actor,
          triggeringActor,
          referenced,
        })
      : host.rerun(options.rerunOf, triggeringActor);
  const cancelled = new AbortController();
  const { slots, groups } = sharedOf(world);
  const state: RunState = {
    host,
    run,
    source,
    options,
    github: githubContext(facts, run, event),
    catalog,
    download: downloadInto(folder, host),
    slots,
    groups,
    emit: (each) => options.onEvent?.({ ...each, at: host.now() }),
    cancel: (reason) => {
      if (cancelled.signal.aborted) return;
      state.emit({ kind: 'run-cancelled', reason });
      cancelled.abort(reason);
    },
    folder,
    reports: [],
  };
  const listening = listen(state);
  state.emit({
    kind: 'run-started',
    runId: run.id,
    runNumber: run.number,
    attempt: run.attempt,
    repository: repository.fullName,
    workflow: workflow.file.name,
    title,
    event: options.event,
    ref: options.ref,
    sha: source.sha,
    actor: triggeringActor,
  });
  const scope: WorkflowScope = {
    run: state,
    workflow,
    inputs,
    secrets: run.fromFork ? {} : (options.secrets ?? {}),
    cancelled: cancelled.signal,
    names: { shown: '', id: '' },
    held: new Set(),
  };
  const contexts = { github: state.github, inputs, vars: options.variables ?? {} };
  const group = concurrencyOf(workflow.file.concurrency, { contexts, status: NO_STATUS });
  const waiting = { stop: cancelled.signal, onRefused: state.cancel };
  const ends = await inGroup(scope, group ? [group] : [], waiting, (inside) => {
    if (inside.cancelled !== scope.cancelled) {
      inside.cancelled.addEventListener('abort', () => state.cancel(text(inside.cancelled.reason)), {
        once: true,
      });
    }
    return runJobs(inside);
  });
  listening.end();
  const results = [...(ends?.values() ?? [])].map(({ result }) => result);
  const conclusion: Conclusion = cancelled.signal.aborted ? 'cancelled' : worst(results);
  run.finish(conclusion);
  state.emit({ kind: 'run-finished', conclusion });
  return {
    runId: run.id,
    attempt: run.attempt,
    conclusion,
    jobs: [...state.reports].sort((a, b) => a.apiId - b.apiId),
    needs: Object.fromEntries(ends ?? []),
  };
}

function sharedOf(world: World) {
  const known = shared.get(world);
  if (known) return known;
  const made = { slots: createSlots(RUNNERS), groups: createGroups() };
  shared.set(world, made);
  return made;
}

/** The API and the caller's signal can cancel the run. */
function listen({ run, options, cancel }: RunState) {
  const overApi = () => cancel('The run was canceled over the API.');
  const byCaller = () => cancel('The run was canceled.');
  run.cancelled.addEventListener('abort', overApi, { once: true });
  options.signal?.addEventListener('abort', byCaller, { once: true });
  if (run.cancelled.aborted) overApi();
  if (options.signal?.aborted) byCaller();
  return {
    end: () => {
      run.cancelled.removeEventListener('abort', overApi);
      options.signal?.removeEventListener('abort', byCaller);
    },
  };
}

/** Each repository that has actions is written to disk once per commit and run. */
function downloadInto(folder: string, host: Host): (action: CatalogAction) => Promise<string> {
  const downloads = new Map<string, Promise<string>>();
  return ({ origin: { repository, sha } }) => {
    const into = join(folder, '_actions', ...repository.split('/'), sha);
    const known = downloads.get(into);
    if (known) return known;
    const path = host.repository(repository)?.path ?? '';
    const download = exportTree(path, sha, into).then(() => into);
    downloads.set(into, download);
    return download;
  };
}

/** `run-name`, or what GitHub shows without one. */
async function titleOf(
  { workflow, repository, source }: PreparedRun,
  options: RunOptions,
  event: Mapping,
  inputs: Mapping,
): Promise<string> {
  const { runName, name } = workflow.file;
  if (runName !== undefined) {
    const github = {
      event,
      actor: options.actor,
      ref: options.ref,
      sha: source.sha,
      event_name: options.event,
    };
    return fillText(runName, {
      contexts: { github, inputs, vars: options.variables ?? {} },
      status: NO_STATUS,
    });
  }
  const pull = text(mapping(event['pull_request'])['title']);
  if (pull) return pull;
  return options.event === 'push' ? subjectAt(repository.path, source.sha) : name;
}
