import { join } from 'node:path';
import type { World } from '../world/world.ts';
import { eventOf, type Facts, githubContext } from './github-context.ts';
import { type ConcurrencyGroups, createGroups } from './graph/concurrency.ts';
import { downloadInto } from './graph/download.ts';
import { runJobs } from './graph/run-jobs.ts';
import type { RunState, WorkflowScope } from './graph/run-state.ts';
import { createSlots, type Slots } from './graph/slots.ts';
import type { Host, HostRun, NewRun } from './ports.ts';
import type { PreparedRun } from './prepare-run.ts';
import type { RunOptions } from './run-options.ts';
import { titleOf } from './run-title.ts';
import { mapping } from './value.ts';

/** Jobs that run at the same time, over all runs of one world. */
const RUNNERS = 4;

/** Shared by all runs of one world. */
const shared = new WeakMap<World, { readonly slots: Slots; readonly groups: ConcurrencyGroups }>();

/** The run has a record from here on; none of its jobs has begun. */
export async function beginRun(
  world: World,
  host: Host,
  given: RunOptions,
  prepared: PreparedRun,
  folder: string,
): Promise<WorkflowScope> {
  const { workflow, source, repository, catalog, referenced, dispatched } = prepared;
  const workflowName = workflow.file.name;
  const options = withKept(given, repository);
  const facts: Facts = { host, repository, options, source, workflowName, dispatched: dispatched?.raw };
  const event = eventOf(facts);
  const inputs = dispatched?.inputs ?? {};
  const title = await titleOf(prepared, options, event, inputs);
  const pull = Number(mapping(event['pull_request'])['number']);
  const { ref, actor, triggeringActor = actor } = options;
  const run = recordOf(host, options, {
    workflow: source,
    name: workflowName,
    title,
    event: options.event,
    ref,
    sha: source.sha,
    ...(Number.isInteger(pull) ? { pull } : {}),
    actor,
    triggeringActor,
    referenced,
  });
  const cancelled = new AbortController();
  const emit: RunState['emit'] = (each) => options.onEvent?.({ ...each, at: host.now() });
  const state: RunState = {
    host,
    run,
    source,
    options,
    github: githubContext(facts, run, event),
    catalog,
    download: downloadInto(options.actions ?? join(folder, '_actions'), host),
    ...sharedOf(world),
    emit,
    cancel: (reason) => {
      if (cancelled.signal.aborted) return;
      emit({ kind: 'run-cancelled', reason });
      cancelled.abort(reason);
    },
    folder,
    reports: [],
    artifacts: new Map(),
    runJobs,
  };
  emit(startOf(facts, run, title));
  return {
    run: state,
    workflow,
    inputs,
    secrets: run.fromFork ? {} : (options.secrets ?? {}),
    cancelled: cancelled.signal,
    names: { shown: '', id: '' },
    held: new Set(),
  };
}

/** With the secrets and variables of the repository and those of the caller. */
function withKept(given: RunOptions, repository: PreparedRun['repository']): RunOptions {
  return {
    ...given,
    secrets: { ...repository.kept('secrets'), ...given.secrets },
    variables: { ...repository.kept('variables'), ...given.variables },
  };
}

function startOf({ repository, workflowName, options, source }: Facts, run: HostRun, title: string) {
  return {
    kind: 'run-started',
    runId: run.id,
    runNumber: run.number,
    attempt: run.attempt,
    repository: repository.fullName,
    workflow: workflowName,
    title,
    event: options.event,
    ref: options.ref,
    sha: source.sha,
    actor: options.triggeringActor ?? options.actor,
  } as const;
}

/** A new run, the next attempt of one, or one that the API was asked for. */
function recordOf(
  host: Host,
  { asked, rerunOf, actor, triggeringActor }: RunOptions,
  given: NewRun,
): HostRun {
  if (asked !== undefined) return host.askedRun(asked);
  return rerunOf === undefined ? host.startRun(given) : host.rerun(rerunOf, triggeringActor ?? actor);
}

function sharedOf(world: World) {
  const known = shared.get(world);
  if (known) return known;
  const made = { slots: createSlots(RUNNERS), groups: createGroups() };
  shared.set(world, made);
  return made;
}
