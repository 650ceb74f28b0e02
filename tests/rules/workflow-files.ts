import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');

type Texts = Readonly<Record<string, string>>;

export interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
  readonly env?: Texts;
}

export interface Job {
  readonly name?: string;
  readonly uses?: string;
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly 'timeout-minutes'?: number;
  readonly 'runs-on'?: unknown;
  readonly secrets?: unknown;
  readonly env?: unknown;
  readonly permissions?: Texts;
  readonly concurrency?: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, unknown>>;
  readonly outputs?: Texts;
  readonly with?: Texts;
  readonly steps?: readonly Step[];
}

export interface Workflow {
  /** From the root of the repository. */
  readonly path: string;
  readonly file: string;
  readonly text: string;
  readonly on: Readonly<Record<string, Trigger | null>>;
  readonly permissions: unknown;
  readonly env?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Trigger {
  readonly inputs?: Readonly<Record<string, Declared>>;
  readonly outputs?: Readonly<Record<string, Declared>>;
}

interface Declared {
  readonly required?: boolean;
  readonly default?: unknown;
  readonly description?: string;
}

export interface ActionFile {
  readonly inputs: Readonly<Record<string, Declared>>;
  readonly outputs: Readonly<Record<string, Declared>>;
}

/** The path says which rules hold: those of templates are copied, and name a release of ours. */
export function readWorkflow(path: string, text = readFileSync(join(root, path), 'utf8')): Workflow {
  return {
    ...(parse(text, { version: '1.2' }) as Omit<Workflow, 'path' | 'file' | 'text'>),
    path,
    file: basename(path),
    text,
  }; // GitHub's parser judges the shape in the test
}

/** The workflows of the provider, and those of the repositories that are copied. */
export function workflowFiles(): {
  readonly ours: readonly Workflow[];
  readonly templates: readonly Workflow[];
} {
  const of = (pattern: string) =>
    globSync(pattern, { cwd: root })
      .sort()
      .map((path) => readWorkflow(path));
  return {
    ours: of('.github/workflows/*.yml'),
    templates: of('templates/{*/.github/workflows,workflow-templates}/*.yml'),
  };
}

export function actionFile(name: string): ActionFile {
  const { inputs = {}, outputs = {} } = parse(
    readFileSync(join(root, 'actions', name, 'action.yml'), 'utf8'),
  ) as Partial<ActionFile>; // action-contract.test.ts judges the shape
  return { inputs, outputs };
}
