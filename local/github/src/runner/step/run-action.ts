import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fill } from '../expressions/template.ts';
import { type ActionFile, readAction } from '../files/action-file.ts';
import { problemsOfAction } from '../files/official-parser.ts';
import type { StepDefinition } from '../files/step-definition.ts';
import type { JobState } from '../job/job-state.ts';
import { type StepPlace, scopeOf } from '../job/step-place.ts';
import { type BuiltIn, builtIn } from '../resolve/action-catalog.ts';
import type { Origin } from '../resolve/origin.ts';
import { RunRefused } from '../run-refused.ts';
import { type Mapping, mapping, type Strings, strings } from '../value.ts';
import { sayPairs } from './announce.ts';
import type { Doing, PreparedStep } from './prepared-step.ts';
import { runAttest } from './run-attest.ts';
import { runCheckout } from './run-checkout.ts';
import { runComposite } from './run-composite.ts';
import { runDownloadArtifact } from './run-download-artifact.ts';
import { runNodeAction } from './run-node-action.ts';
import { runSetupNode } from './run-setup-node.ts';
import { runUploadArtifact } from './run-upload-artifact.ts';

/** An action that is on disk now. */
export interface PresentAction {
  readonly origin: Origin;
  /** Absolute. */
  readonly folder: string;
  readonly file: ActionFile;
  /** GITHUB_ACTION_REPOSITORY and …_REF: empty for an action of the workspace. */
  readonly repository: string;
  readonly ref: string;
}

const STAND_INS: Readonly<Record<BuiltIn, typeof runCheckout>> = {
  checkout: runCheckout,
  'setup-node': (job, _place, _step, given, doing) => runSetupNode(job, given, doing),
  'upload-artifact': (job, _place, _step, given, doing) => runUploadArtifact(job, given, doing),
  'download-artifact': (job, _place, _step, given, doing) => runDownloadArtifact(job, given, doing),
  attest: (job, place, _step, given, doing) => runAttest(job, place, given, doing),
};

/** A `uses` step. */
export async function runAction(
  job: JobState,
  place: StepPlace,
  step: PreparedStep,
  work: StepDefinition['work'] & { kind: 'action' },
  doing: Doing,
): Promise<'success' | 'failure'> {
  const given = strings(mapping(fill(work.inputs, scopeOf(job, place, step.env))));
  job.log.group(`Run ${work.uses}`);
  sayPairs(job, 'with', given);
  sayPairs(job, 'env', step.env);
  job.log.endGroup();
  const standIn = builtIn(work.uses);
  if (standIn !== undefined) return STAND_INS[standIn](job, place, step, given, doing);
  const action = await presentAction(job, place, work.uses);
  const inputs = withDefaults(job, place, action.file, given);
  warnOfInputs(job, action.file, given);
  if (action.file.runs.kind === 'node') {
    return runNodeAction(job, place, step, { action, runs: action.file.runs, inputs }, doing);
  }
  if (action.file.runs.kind === 'composite') {
    return runComposite(job, place, step, { action, runs: action.file.runs, inputs }, doing);
  }
  throw new Error(
    `\`${work.uses}\` runs with '${action.file.runs.using}', which is not supported: node24 or composite.`,
  );
}

export async function presentAction(job: JobState, place: StepPlace, uses: string): Promise<PresentAction> {
  if (uses.startsWith('./')) return workspaceAction(job, place, uses);
  const found = job.catalog.find(place.origin, uses);
  if (!found) throw new Error(`Unable to resolve action \`${uses}\`.`);
  const { origin, file } = found;
  const folder = join(await job.download(found), found.folder);
  return {
    origin,
    folder,
    file,
    repository: origin.repository,
    ref: origin.ref.replace(/^refs\/(heads|tags)\//, ''),
  };
}

/** `./path`: whatever lies in the workspace when the step runs. */
async function workspaceAction(job: JobState, place: StepPlace, uses: string): Promise<PresentAction> {
  const folder = join(job.folders.workspace, uses);
  const path = ['action.yml', 'action.yaml']
    .map((name) => join(folder, name))
    .find((file) => existsSync(file));
  if (path === undefined) {
    throw new Error(
      `Can't find 'action.yml' or 'action.yaml' under '${uses}'. Did you forget to run actions/checkout before running your local action?`,
    );
  }
  const content = readFileSync(path, 'utf8');
  const problems = [...problemsOfAction(uses, content)];
  const file = readAction(uses, content);
  if (file.runs.kind === 'composite') {
    problems.push(...(await job.catalog.add(place.origin, file.yaml, file.runs.steps)));
  }
  if (problems.length > 0) throw new RunRefused(problems);
  return { origin: place.origin, folder, file, repository: '', ref: '' };
}

/** The action's inputs: what was given, over defaults, which are expressions. */
export function withDefaults(job: JobState, place: StepPlace, file: ActionFile, given: Strings): Strings {
  const names = new Set(Object.keys(given).map((name) => name.toLowerCase()));
  const defaults: Mapping = Object.fromEntries(
    file.inputs
      .filter(({ name }) => !names.has(name.toLowerCase()))
      .map(({ name, default: value }) => [name, value ?? '']),
  );
  return { ...strings(mapping(fill(defaults, scopeOf(job, place)))), ...given };
}

function warnOfInputs(job: JobState, { inputs }: ActionFile, given: Strings): void {
  const declared = new Map(inputs.map((input) => [input.name.toLowerCase(), input]));
  const unexpected = Object.keys(given).filter((name) => !declared.has(name.toLowerCase()));
  if (unexpected.length > 0) {
    const valid = inputs.map(({ name }) => `'${name}'`).join(', ');
    const names = unexpected.map((name) => `'${name}'`).join(', ');
    job.log.annotate('warning', `Unexpected input(s) ${names}, valid inputs are [${valid}]`);
  }
  for (const name of Object.keys(given)) {
    const deprecated = declared.get(name.toLowerCase())?.deprecated;
    if (deprecated)
      job.log.annotate('warning', `Input '${name}' has been deprecated with message: ${deprecated}`);
  }
}
