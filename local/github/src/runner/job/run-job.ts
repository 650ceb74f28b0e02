import { rm } from 'node:fs/promises';
import { fill, fillText } from '../expressions/template.ts';
import type { JobSteps } from '../files/workflow-file.ts';
import type { Conclusion } from '../ports.ts';
import type { Origin } from '../resolve/origin.ts';
import { attempt } from '../step/attempt.ts';
import { runStep } from '../step/run-step.ts';
import { signalGroup } from '../step/start-process.ts';
import { stepName } from '../step/step-name.ts';
import { isMapping, type Mapping } from '../value.ts';
import type { JobState } from './job-state.ts';
import type { JobSteps as StepList } from './job-steps.ts';
import { preSteps } from './pre-steps.ts';
import { jobStatus, type StepPlace, scopeOf } from './step-place.ts';

/** GitHub, "Workflow syntax": `jobs.<job_id>.outputs`. */
const MOST_OUTPUT = 1024 * 1024;

/** A job with everything that it needs, ready for its first step. */
export interface ReadyJob {
  readonly state: JobState;
  readonly work: JobSteps;
  readonly origin: Origin;
  readonly inputs: Mapping;
  readonly secrets: Mapping;
  readonly defaults: Mapping;
  readonly steps: StepList;
  /** What "Set up job" says. */
  readonly introduction: readonly { readonly title?: string; readonly lines: readonly string[] }[];
  /** Called after each step of the workflow has ended. */
  readonly afterStep: (name: string, id: string | undefined) => void;
}

export interface JobOutcome {
  readonly conclusion: Exclude<Conclusion, 'skipped'>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly environmentUrl?: string;
}

/** Set up, pre, main and post steps in the runner's order, then the job's outputs. */
export async function runJob(job: ReadyJob): Promise<JobOutcome> {
  const { state, steps, work } = job;
  const place: StepPlace = {
    origin: job.origin,
    status: jobStatus(state),
    inputs: job.inputs,
    secrets: job.secrets,
    env: {},
    defaults: job.defaults,
    names: new Map(),
    results: new Map(),
    instances: new Map(),
  };
  const pres = await setUp(job, place);
  for (const pre of pres) await phase(job, pre);
  for (const definition of work.steps) {
    if (state.kill.aborted) break;
    const name = stepName(state, place, definition);
    const { conclusion } = await steps.step(name, async () => {
      const result = await runStep(state, place, definition);
      return definition.id === undefined ? result : { ...result, id: definition.id };
    });
    worsen(state, conclusion);
    job.afterStep(name, definition.id);
  }
  for (let post = state.posts.pop(); post; post = state.posts.pop()) {
    if (state.kill.aborted) break;
    await phase(job, post);
  }
  return finish(job, place);
}

async function setUp(job: ReadyJob, place: StepPlace) {
  const { state, steps, work } = job;
  const { pres } = await steps.step('Set up job', async () => {
    for (const { title, lines } of job.introduction) {
      if (title !== undefined) state.log.group(title);
      for (const line of lines) state.log.line(line);
      if (title !== undefined) state.log.endGroup();
    }
    let found: Awaited<ReturnType<typeof preSteps>> = [];
    const outcome = await attempt(state, { name: 'Set up job', holds: () => true }, async () => {
      found = await preSteps(state, place, work.steps);
      return 'success';
    });
    return { outcome, conclusion: outcome, pres: found };
  });
  return pres;
}

async function phase(
  { state, steps }: ReadyJob,
  { name, holds, run }: JobState['posts'][number],
): Promise<void> {
  const { conclusion } = await steps.step(name, async () => {
    const outcome = await attempt(state, { name, holds }, run);
    return { outcome, conclusion: outcome };
  });
  worsen(state, conclusion);
}

function worsen(state: JobState, conclusion: Conclusion): void {
  if (conclusion === 'failure' && state.status === 'success') state.status = 'failure';
}

async function finish(job: ReadyJob, place: StepPlace): Promise<JobOutcome> {
  const { state, steps, work } = job;
  const outputs: Record<string, string> = {};
  let environmentUrl: string | undefined;
  await steps.step('Complete job', async () => {
    const outcome = await attempt(state, { name: 'Complete job', holds: () => true }, async () => {
      let size = 0;
      for (const [name, value] of Object.entries(work.outputs)) {
        const result = fillText(value, scopeOf(state, place));
        if (result === '') continue;
        if (state.log.masks.hides(result)) {
          state.log.annotate('warning', `Skip output '${name}' since it may contain secret.`);
          continue;
        }
        size += Buffer.byteLength(result, 'utf16le');
        if (size > MOST_OUTPUT) throw new Error('The outputs of a job are larger than 1 MB, in UTF-16.');
        state.log.line(`Set output '${name}'`);
        outputs[name] = result;
      }
      environmentUrl = urlOf(state, place, work);
      return 'success';
    });
    worsen(state, outcome);
    state.log.line('Cleaning up orphan processes');
    for (const group of state.groups) signalGroup(group, 'SIGKILL');
    await rm(state.folders.temp, { recursive: true, force: true });
    return { outcome, conclusion: outcome };
  });
  return {
    conclusion: state.status,
    outputs,
    ...(environmentUrl === undefined ? {} : { environmentUrl }),
  };
}

function urlOf(state: JobState, place: StepPlace, { environment }: JobSteps): string | undefined {
  if (!isMapping(environment) || environment['url'] === undefined) return undefined;
  const url = String(fill(environment['url'], scopeOf(state, place)) ?? '');
  if (!state.log.masks.hides(url)) return url;
  state.log.annotate('warning', "Skip setting environment url as environment 'url' may contain secret.");
  return undefined;
}
