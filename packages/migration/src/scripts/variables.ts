import { piecesOf, variableIn } from '../expressions.ts';
import { actionOf, type Job, type Step, type Texts, type Workflow } from '../workflow.ts';
import {
  type Element,
  type Expanded,
  expand,
  expandAll,
  type HandedOn,
  literalOf,
  ofTheRunner,
  type Variables,
} from './expand.ts';
import type { ShellStatement } from './read-script.ts';
import type { ShellWord } from './read-words.ts';

/** Where a value is read: the declared environments around it, and the steps before it. */
export interface Surroundings {
  readonly workflow: Workflow;
  readonly job: Job;
  readonly step: Step;
}

/** Whether programs of a script find it under its name before the script exports anything: by `env:`, an earlier step, the runner. */
export function isExported(around: Surroundings, name: string): boolean {
  return OF_PROGRAMS.test(name) || declared(around, name) !== undefined || writtenBefore(around, name);
}

const OF_PROGRAMS =
  /^(?:GITHUB|RUNNER|LC|JAVA|ANDROID|GO|NVM|npm)_|^(?:PATH|CI|LANG|TZ|USER|SHELL|EDITOR|GOROOT|GOPATH)$/;

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
    resolve: (text) => resolved(text, around),
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

/** What is known at a place of a script. */
export interface Known {
  readonly own: ReadonlyMap<string, Own>;
  readonly lists: ReadonlyMap<string, readonly Element[]>;
  readonly exported: ReadonlySet<string>;
  readonly asked: ReadonlyMap<string, string>;
}

interface Own {
  readonly value: ReturnType<Variables['of']>;
  /** The step of the shell that sets it. */
  readonly by: string;
}

/** The same with the assignments that stand at the top of the script, in order, up to where it is asked. */
export class ScriptVariables implements Variables {
  readonly #outer: Variables;
  #own = new Map<string, Own>();
  #lists = new Map<string, readonly Element[]>();
  #exported = new Set<string>();
  readonly #plain = new Set<ShellStatement>();
  /** Names that only the runner knows, with the steps that hand them on. */
  #asked = new Map<string, string>();
  readonly #step: (() => string) | undefined;

  /** `step` answers the step that can hand on what this file does not say: its shell knows it. */
  constructor(outer: Variables, step?: () => string) {
    this.#outer = outer;
    this.#step = step;
  }

  of(name: string): ReturnType<Variables['of']> {
    const own = this.#own.get(name)?.value;
    const known = own ?? this.#outer.of(name);
    if (own || !('why' in known) || !this.#step) return known;
    const by = this.#asked.get(name) ?? this.#step();
    this.#asked.set(name, by);
    return { handedOn: { name, by } };
  }

  elementsOf(name: string): readonly Element[] | undefined {
    return this.#lists.get(name);
  }

  /** What is known here, for another branch that begins here. */
  known(): Known {
    return {
      own: new Map(this.#own),
      lists: new Map(this.#lists),
      exported: new Set(this.#exported),
      asked: new Map(this.#asked),
    };
  }

  /** Goes on from there. */
  from({ own, lists, exported, asked }: Known): void {
    this.#own = new Map(own);
    this.#lists = new Map(lists);
    this.#exported = new Set(exported);
    this.#asked = new Map(asked);
  }

  /** Names whose value step `by` hands on. */
  handOn(names: readonly string[], by: string): void {
    for (const name of names) this.#set(name, by);
  }

  /** A name whose value nobody hands on. */
  lose(name: string, why: string): void {
    this.#set(name, '');
    this.#own.set(name, { value: { why }, by: '' });
  }

  resolve(text: string): string {
    return this.#outer.resolve?.(text) ?? text;
  }

  /** Takes a statement in. What it sets in another way than to a plain text, only the shell knows: step `by` hands it on. */
  follow(statement: ShellStatement, by: string): void {
    const assigns = isAssignment(statement) ? statement.assigns : [];
    for (const name of statement.sets.filter((each) => !assigns.some((one) => one.name === each)))
      this.#set(name, by);
    if (statement.simple && /^export\s/.test(statement.own)) {
      const names = [...statement.assigns.map(({ name }) => name), ...statement.words.map(literalOf)];
      for (const name of names) if (name !== undefined) this.#exported.add(name);
    }
    for (const assigned of assigns) {
      const used: HandedOn[] = [];
      const expanded = expand(assigned.value, this, used);
      const elements = assigned.elements && this.#elementsIn(assigned.elements);
      const itself = used.some((each) => each.name === assigned.name && each.by === by);
      this.#set(assigned.name, by, 'text' in expanded && !itself ? { ...expanded, used } : undefined);
      if (elements) this.#lists.set(assigned.name, elements);
    }
    if (assigns.length > 0 && assigns.every(({ name }) => this.isPlain(name))) this.#plain.add(statement);
  }

  /** What still has the value that the name had before gets a name of its own: the step hands on what it has at its end. */
  #set(name: string, by: string, value?: ReturnType<Variables['of']>): void {
    const isOld = (used: readonly HandedOn[] = []) =>
      used.some((each) => each.name === name && each.by === by);
    for (const [other, own] of this.#own) {
      if (other !== name && 'text' in own.value && isOld(own.value.used))
        this.#own.set(other, { value: { handedOn: { name: other, by: own.by } }, by: own.by });
    }
    for (const [list, elements] of this.#lists)
      if (list === name || elements.some(({ used }) => isOld(used))) this.#lists.delete(list);
    this.#asked.delete(name);
    this.#own.set(name, { value: value ?? { handedOn: { name, by } }, by });
  }

  #elementsIn(words: readonly ShellWord[]): readonly Element[] | undefined {
    const elements: Element[] = [];
    for (const word of words) {
      const used: HandedOn[] = [];
      const texts = expandAll([word], this, used);
      if ('why' in texts) return undefined;
      elements.push(...texts.map((text) => ({ text, used })));
    }
    return elements;
  }

  /** Whether the script has exported it. */
  exports(name: string): boolean {
    return this.#exported.has(name);
  }

  sets(name: string): boolean {
    return this.#own.has(name);
  }

  /** What a program of the script finds under a name: a variable of the script is there only if it was exported. */
  inEnvironment(name: string, used: HandedOn[]): Expanded {
    return this.sets(name) && !this.#exported.has(name)
      ? { why: `its script sets ${name} and does not export it, so \`docker build\` would not see it` }
      : expand([{ variable: name, splits: false }], this.sets(name) ? this : this.#outer, used);
  }

  /** Whether a statement gave its names texts that a workflow can say too. */
  wasPlain(statement: ShellStatement): boolean {
    return this.#plain.has(statement);
  }

  /** Whether an assignment gave it a text that a workflow can say too. */
  isPlain(name: string): boolean {
    const value = this.#own.get(name)?.value;
    return value !== undefined && 'text' in value && (value.used ?? []).length === 0;
  }
}

export function isAssignment({ words, assigns, simple, appendsTo }: ShellStatement): boolean {
  return simple && words.length === 0 && assigns.length > 0 && appendsTo === undefined;
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
