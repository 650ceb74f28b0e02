import { piecesOf, variableIn } from '../expressions.ts';
import { actionOf, type Job, type Step, type Texts, type Workflow } from '../workflow.ts';
import { type Expanded, expand, type HandedOn, literalOf, ofTheRunner, type Variables } from './expand.ts';
import type { ShellStatement } from './read-script.ts';

/** Where a value is read: the declared environments around it, and the steps before it. */
export interface Surroundings {
  readonly workflow: Workflow;
  readonly job: Job;
  readonly step: Step;
}

/** Variables that configure-aws-credentials sets for the steps after it. */
const BY_CREDENTIALS = ['AWS_REGION', 'AWS_DEFAULT_REGION'];

/** What `env:` of step, job and workflow say of a name; the nearest one counts. */
function declared({ workflow, job, step }: Surroundings, name: string): string | undefined {
  const near: readonly Texts[] = [step.env, job.env, workflow.env];
  return near.find((env) => Object.hasOwn(env, name))?.[name];
}

/** Whether a step before this one writes the name to `$GITHUB_ENV`, which wins over `env:` of job and workflow. */
function writtenBefore({ job, step }: Surroundings, name: string): boolean {
  const write = new RegExp(`\\b${name}(?:=|<<)[\\s\\S]*GITHUB_ENV`);
  return job.steps.some(({ from, run }) => from < step.from && run !== undefined && write.test(run));
}

/** What a script can know by name: `env:` at three levels, earlier steps, the runner. Not its own assignments. */
export function ofEnvironment(around: Surroundings): Variables {
  return {
    of(name) {
      const context = ofTheRunner(name);
      if (context !== undefined) return { text: `\${{ ${context} }}` };
      const known =
        declared(around, name) !== undefined ||
        writtenBefore(around, name) ||
        (BY_CREDENTIALS.includes(name) && credentialsBefore(around));
      return known ? { text: `\${{ env.${name} }}` } : { why: `$${name} is not set in this file` };
    },
  };
}

function credentialsBefore({ job, step }: Surroundings): boolean {
  return job.steps.some(
    (each) => each.from < step.from && actionOf(each) === 'aws-actions/configure-aws-credentials',
  );
}

/** The same with the assignments that stand at the top of the script, in order, up to where it is asked. */
export class ScriptVariables implements Variables {
  readonly #outer: Variables;
  readonly #own = new Map<string, ReturnType<Variables['of']>>();
  readonly #exported = new Set<string>();
  /** Names that only the runner knows, with the steps that hand them on. */
  readonly #asked = new Map<string, string>();
  readonly #step: (() => string) | undefined;

  /** `step` answers the step that can hand on what this file does not say: its shell knows it. */
  constructor(outer: Variables, step?: () => string) {
    this.#outer = outer;
    this.#step = step;
  }

  of(name: string): ReturnType<Variables['of']> {
    const known = this.#own.get(name) ?? this.#outer.of(name);
    if (!('why' in known) || !this.#step) return known;
    const by = this.#asked.get(name) ?? this.#step();
    this.#asked.set(name, by);
    return { handedOn: { name, by } };
  }

  /** Takes a statement in. What it sets in another way than to a plain text, only the shell knows: step `by` hands it on. */
  follow(statement: ShellStatement, by: string): void {
    for (const name of namesSetIn(statement)) this.#own.set(name, { handedOn: { name, by } });
    if (statement.simple && /^export\s/.test(statement.own)) {
      const names = [...statement.assigns.map(({ name }) => name), ...statement.words.map(literalOf)];
      for (const name of names) if (name !== undefined) this.#exported.add(name);
    }
    if (!isAssignment(statement)) return;
    for (const { name, value } of statement.assigns) {
      const used: HandedOn[] = [];
      const expanded = expand(value, this, used);
      this.#own.set(name, 'text' in expanded ? { ...expanded, used } : { handedOn: { name, by } });
    }
  }

  sets(name: string): boolean {
    return this.#own.has(name);
  }

  /** What a program of the script finds under a name: a variable of the script is there only if it was exported. */
  inEnvironment(name: string, used: HandedOn[]): Expanded {
    return this.sets(name) && !this.#exported.has(name)
      ? { why: `its script sets ${name} and does not export it, so \`docker build\` would not see it` }
      : expand([{ variable: name }], this.sets(name) ? this : this.#outer, used);
  }

  /** Whether an assignment gave it a text that a workflow can say too. */
  isPlain(name: string): boolean {
    const value = this.#own.get(name);
    return value !== undefined && 'text' in value && (value.used ?? []).length === 0;
  }
}

export function isAssignment({ words, assigns, simple, appendsTo }: ShellStatement): boolean {
  return simple && words.length === 0 && assigns.length > 0 && appendsTo === undefined;
}

/** Names that a statement may set, read from its text: also inside of conditions and loops, and by `export` and `read`. */
export function namesSetIn({ own }: ShellStatement): readonly string[] {
  const assigned = [...own.matchAll(/(?:^|[\s;(&|])(?:export\s+|local\s+|readonly\s+)?([A-Za-z_]\w*)\+?=/g)];
  const read = [...own.matchAll(/\bread\s+(?:-\w+\s+)*([A-Za-z_]\w*)/g)];
  return [...assigned, ...read].map(([, name = '']) => name);
}

/** A text with what `env:` declares put in, as far as the file says it: to judge it, never to write it. */
export function resolved(text: string, around: Surroundings, depth = 0): string {
  return piecesOf(text)
    .map((piece) => {
      if ('literal' in piece) return piece.literal;
      const name = variableIn(piece.expression);
      const value = name === undefined || writtenBefore(around, name) ? undefined : declared(around, name);
      return value === undefined || depth > 4
        ? `\${{ ${piece.expression} }}`
        : resolved(value, around, depth + 1);
    })
    .join('');
}
