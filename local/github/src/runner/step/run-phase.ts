import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobState } from '../job/job-state.ts';
import type { StepPlace } from '../job/step-place.ts';
import { reasonOf } from '../reason-of.ts';
import type { Strings } from '../value.ts';
import { readAssignments } from './file-commands.ts';
import { processEnv } from './process-env.ts';
import { readOutput } from './read-output.ts';
import type { StartProcess } from './start-process.ts';

/** GitHub drops the summary of a step that is larger. */
const SUMMARY_LIMIT = 1024 * 1024;

/** One process of a step: a script, or the pre, main or post of an action. */
export interface Phase {
  readonly command: readonly [string, ...string[]];
  readonly start: StartProcess;
  readonly folder: string;
  /** The step's own `env`. */
  readonly env: Strings;
  /** GITHUB_… variables of this step, without the prefix. */
  readonly github: Strings;
  /** INPUT_… and STATE_… variables. */
  readonly more?: Strings;
  readonly outputs: Map<string, string>;
  readonly state: Map<string, string>;
}

const FILES = ['output', 'env', 'path', 'state', 'step_summary'] as const;

/** Runs the process, then takes in what it wrote to its file commands: a fresh set for each phase. */
export async function runPhase(
  job: JobState,
  place: StepPlace,
  phase: Phase,
  stop: AbortSignal,
): Promise<{ readonly code: number | null; readonly ok: boolean }> {
  const id = randomUUID();
  const files = Object.fromEntries(FILES.map((name) => [name, join(job.folders.commands, `${name}_${id}`)]));
  await Promise.all(Object.values(files).map((file) => writeFile(file, '')));
  const github = {
    ...phase.github,
    ...Object.fromEntries(Object.entries(files).map(([name, file]) => [name.toUpperCase(), file])),
  };
  const env = processEnv(job, place, phase.env, { github, more: phase.more ?? {} });
  const unsecure = env['ACTIONS_ALLOW_UNSECURE_COMMANDS']?.toLowerCase() === 'true';
  const { outputs, state } = phase;
  const reader = readOutput(job.log, { outputs, state, ...(unsecure && { unsecure: job }) });
  const { code, leftovers } = await phase.start({
    command: phase.command,
    folder: phase.folder,
    env,
    onLine: (line) => reader.line(line),
    stop,
    kill: job.kill,
    patience: job.patience,
  });
  if (leftovers !== undefined) job.groups.add(leftovers);
  const understood = await takeIn(job, phase, files);
  return { code, ok: code === 0 && understood && !reader.failed };
}

async function takeIn(job: JobState, phase: Phase, files: Strings): Promise<boolean> {
  const take: Readonly<Record<(typeof FILES)[number], (content: string) => void>> = {
    output: (content) => setAll(phase.outputs, content),
    state: (content) => setAll(phase.state, content),
    env: (content) => {
      for (const [name, value] of readAssignments(content)) {
        if (name.toUpperCase() === 'NODE_OPTIONS') {
          job.log.annotate('error', `Can't store ${name} output parameter using '$GITHUB_ENV' command.`);
        } else {
          job.added.set(name, value);
        }
      }
    },
    path: (content) =>
      job.path.unshift(
        ...content
          .split(/\r?\n/)
          .filter((line) => line !== '')
          .reverse(),
      ),
    step_summary: (content) => summarise(job, content),
  };
  let understood = true;
  for (const name of FILES) {
    const file = files[name] ?? '';
    const content = await readFile(file, 'utf8').catch(() => '');
    await rm(file, { force: true });
    try {
      if (content !== '') take[name](content);
    } catch (cause) {
      understood = false;
      job.log.annotate('error', `Unable to process file command '${name}' successfully.`);
      job.log.annotate('error', reasonOf(cause));
    }
  }
  return understood;
}

function setAll(into: Map<string, string>, content: string): void {
  for (const [name, value] of readAssignments(content)) into.set(name, value);
}

function summarise(job: JobState, content: string): void {
  const size = Buffer.byteLength(content);
  if (size <= SUMMARY_LIMIT) job.log.summary(content);
  else {
    job.log.annotate(
      'error',
      `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of ${SUMMARY_LIMIT / 1024}k, got ${Math.ceil(size / 1024)}k.`,
    );
  }
}
