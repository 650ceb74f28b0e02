import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fillText } from '../expressions/template.ts';
import type { StepDefinition } from '../files/step-definition.ts';
import type { JobState } from '../job/job-state.ts';
import { type StepPlace, scopeOf } from '../job/step-place.ts';
import { actionOf, sayPairs } from './announce.ts';
import type { Doing, PreparedStep } from './prepared-step.ts';
import { runPhase } from './run-phase.ts';
import { shellCommand, shellProblem } from './shell.ts';
import { startProcess } from './start-process.ts';

/** A `run` step: the script in a file, started with the shell. */
export async function runScript(
  job: JobState,
  place: StepPlace,
  step: PreparedStep,
  work: StepDefinition['work'] & { kind: 'script' },
  { stop, outputs }: Doing,
): Promise<'success' | 'failure'> {
  const scope = scopeOf(job, place, step.env);
  const script = fillText(work.run, scope);
  const shell = fillText(work.shell ?? place.defaults['shell'], scope) || undefined;
  const problem = shell === undefined ? undefined : shellProblem(shell);
  if (problem) throw new Error(problem);
  const folder = resolve(
    job.folders.workspace,
    fillText(work.folder ?? place.defaults['working-directory'], scope),
  );
  if (!existsSync(folder)) throw new Error(`The working directory '${folder}' does not exist.`);
  const file = join(job.folders.temp, `${randomUUID()}.sh`);
  await writeFile(file, script.endsWith('\n') ? script : `${script}\n`);
  announce(job, step, script, shellCommand(shell, '{0}'));
  const { code, ok } = await runPhase(
    job,
    place,
    {
      command: shellCommand(shell, file),
      start: startProcess,
      folder,
      env: step.env,
      github: { ACTION: step.action, ...actionOf(place) },
      outputs,
      state: new Map(),
    },
    stop,
  );
  await rm(file, { force: true });
  if (code !== 0 && !stop.aborted)
    job.log.annotate('error', `Process completed with exit code ${code ?? 137}.`);
  return ok ? 'success' : 'failure';
}

function announce(job: JobState, { env }: PreparedStep, script: string, shell: readonly string[]): void {
  const [first = ''] = script.trimStart().split('\n');
  job.log.group(`Run ${first}`);
  for (const line of script.trimEnd().split('\n')) job.log.line(line);
  job.log.line(`shell: ${shell.join(' ')}`);
  sayPairs(job, 'env', env);
  job.log.endGroup();
}
