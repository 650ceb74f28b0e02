import type { WorkflowSource } from '../ports.ts';
import { isMapping, list, type Mapping, mapping, text, type Value } from '../value.ts';
import { type StepDefinition, stepsOf } from './step-definition.ts';
import { readYaml, type YamlFile } from './yaml-file.ts';

/** A workflow that GitHub's parser has accepted, so that its shape is known; values still hold their `${{ }}`. */
export interface WorkflowFile {
  readonly source: WorkflowSource;
  readonly yaml: YamlFile;
  readonly name: string;
  readonly runName?: Value;
  /** Event name to its filters or inputs. */
  readonly on: Mapping;
  readonly permissions?: Value;
  readonly env: Value;
  readonly concurrency?: Value;
  readonly jobs: readonly JobDefinition[];
}

export interface JobDefinition {
  readonly id: string;
  readonly name?: Value;
  readonly needs: readonly string[];
  readonly condition?: Value;
  readonly permissions?: Value;
  readonly concurrency?: Value;
  readonly strategy: Mapping;
  readonly work: JobSteps | JobCall;
}

export interface JobSteps {
  readonly kind: 'steps';
  readonly runsOn: Value;
  readonly env: Value;
  readonly environment?: Value;
  readonly outputs: Mapping;
  readonly timeoutMinutes?: Value;
  readonly continueOnError?: Value;
  /** `defaults.run` of the job over that of the workflow. */
  readonly defaults: Mapping;
  readonly steps: readonly StepDefinition[];
  /** Keys that the job has and this runner can't honour. */
  readonly unsupported: readonly string[];
}

export interface JobCall {
  readonly kind: 'call';
  readonly uses: string;
  readonly inputs: Mapping;
  readonly secrets: 'inherit' | Mapping;
}

/** `name` is what messages call the file. */
export function readWorkflow(source: WorkflowSource, name: string, content: string): WorkflowFile {
  const yaml = readYaml(name, content);
  const { root } = yaml;
  const defaults = mapping(mapping(root['defaults'])['run']);
  return {
    source,
    yaml,
    name: root['name'] === undefined ? source.path : text(root['name']),
    ...(root['run-name'] === undefined ? {} : { runName: root['run-name'] }),
    on: triggersOf(root['on']),
    ...(root['permissions'] === undefined ? {} : { permissions: root['permissions'] }),
    env: root['env'] ?? {},
    ...(root['concurrency'] === undefined ? {} : { concurrency: root['concurrency'] }),
    jobs: jobsOf(mapping(root['jobs']), defaults),
  };
}

/** `on: push`, `on: [push, pull_request]` or a mapping. */
function triggersOf(on: Value | undefined): Mapping {
  if (isMapping(on)) return on;
  return Object.fromEntries(list(on).map((event) => [text(event), {}]));
}

/** `needs` names jobs regardless of case; from here on each is named by its own id. */
function jobsOf(jobs: Mapping, defaults: Mapping): readonly JobDefinition[] {
  const idOf = (named: string) =>
    Object.keys(jobs).find((id) => id.toLowerCase() === named.toLowerCase()) ?? named;
  return Object.entries(jobs).map(([id, job]) => {
    const definition = jobOf(id, mapping(job), defaults);
    return { ...definition, needs: definition.needs.map(idOf) };
  });
}

function jobOf(id: string, job: Mapping, defaults: Mapping): JobDefinition {
  return {
    id,
    ...(job['name'] === undefined ? {} : { name: job['name'] }),
    needs: list(job['needs']).map(text),
    ...(job['if'] === undefined ? {} : { condition: job['if'] }),
    ...(job['permissions'] === undefined ? {} : { permissions: job['permissions'] }),
    ...(job['concurrency'] === undefined ? {} : { concurrency: job['concurrency'] }),
    strategy: mapping(job['strategy']),
    work: job['uses'] === undefined ? stepsOfJob(id, job, defaults) : callOf(job),
  };
}

function callOf(job: Mapping): JobCall {
  return {
    kind: 'call',
    uses: text(job['uses']),
    inputs: mapping(job['with']),
    secrets: job['secrets'] === 'inherit' ? 'inherit' : mapping(job['secrets']),
  };
}

function stepsOfJob(id: string, job: Mapping, defaults: Mapping): JobSteps {
  return {
    kind: 'steps',
    runsOn: job['runs-on'] ?? null,
    env: job['env'] ?? {},
    ...(job['environment'] === undefined ? {} : { environment: job['environment'] }),
    outputs: mapping(job['outputs']),
    ...(job['timeout-minutes'] === undefined ? {} : { timeoutMinutes: job['timeout-minutes'] }),
    ...(job['continue-on-error'] === undefined ? {} : { continueOnError: job['continue-on-error'] }),
    defaults: { ...defaults, ...mapping(mapping(job['defaults'])['run']) },
    steps: stepsOf(job['steps'], ['jobs', id, 'steps']),
    unsupported: ['container', 'services'].filter((key) => key in job),
  };
}
