import { within } from '../build/paths.ts';
import { changed, type Row } from '../draft.ts';
import { nameOfChoice, type When } from './branches.ts';
import { expand, type HandedOn, literalOf, startsWith, type Variables } from './expand.ts';
import { nameOf, openOptionsIn, optionsRead } from './open-options.ts';
import type { Part, ShellPart } from './parts.ts';
import { assignment, line, type ShellStatement } from './read-script.ts';
import type { ShellWord } from './read-words.ts';
import { isQuiet } from './standing.ts';
import { ofEnvironment, resolved, ScriptVariables, type Surroundings } from './variables.ts';

/** Words of a command, and what is to be said of them. */
interface Words {
  readonly words: readonly ShellWord[];
  readonly rows: readonly Row[];
}

const READ =
  'the step before the build reads its options when the job runs, and stops at one that is not among';

/** The parts of a script while it is read, with what its shell knows up to there. */
export class ScriptParts {
  readonly parts: Part[] = [];
  /** What became of its conditions. */
  readonly rows: Row[] = [];
  readonly variables: ScriptVariables;
  readonly #around: Surroundings;
  readonly #id: string;
  #folder: string | undefined;
  #when: When | undefined;
  #choices = 0;
  #shells = 0;
  #values = 0;
  #options = 0;
  readonly #once = new Map<
    string,
    { readonly is: HandedOn; readonly names: readonly string[]; readonly when: When | undefined }
  >();

  /** `id` is that of the step. */
  constructor(around: Surroundings, id: string) {
    this.variables = new ScriptVariables(ofEnvironment(around), () => this.#current().id);
    this.#around = around;
    this.#id = id;
    this.#folder = around.step.workingDirectory ?? around.job.workingDirectory;
  }

  /** The folder of the workspace in which the script is. */
  get folder(): string | undefined {
    return this.#folder;
  }

  get text(): string {
    return this.#around.step.run ?? '';
  }

  /** Whether it fails where it reads a name that is not set. */
  get isStrict(): boolean {
    const { step, job } = this.#around;
    return /(?:^|\s)-[a-z]*u[a-z]*\b|\bnounset\b/m.test(
      `${step.shell ?? job.shell ?? ''}\n${(this.text.match(/\bset\s.*/g) ?? []).join('\n')}`,
    );
  }

  /** The branch in which the script is. */
  get when(): When | undefined {
    return this.#when;
  }

  /** A name for what says whether a branch runs. */
  nextChoice(): string {
    do this.#choices += 1;
    while (this.text.includes(nameOfChoice(this.#choices)));
    return nameOfChoice(this.#choices);
  }

  /** What is read under a condition of the script. */
  under<T>(when: When, read: () => T): T {
    const before = this.#when;
    this.#when = when;
    const answer = read();
    this.#when = before;
    return answer;
  }

  /** A command that stays one of the shell. Answers the step that has it. */
  add(statement: ShellStatement): string {
    const part = this.#current();
    part.statements.push(statement);
    this.variables.follow(statement, part.id);
    for (const [text, { names }] of this.#once)
      if (statement.acts.length > 0 || names.some((name) => statement.sets.includes(name)))
        this.#once.delete(text);
    if (startsWith(statement, 'cd') && isQuiet(statement, this.variables))
      this.#folder = within(this.#folder, literalOf(statement.words[1]) ?? '');
    return part.id;
  }

  /** Whether a `docker build` is to be one without BuildKit. */
  isClassic({ assigns }: ShellStatement): boolean {
    const name = 'DOCKER_BUILDKIT';
    const given = assigns.find((each) => each.name === name)?.value;
    const outer = this.variables.sets(name) ? this.variables : ofEnvironment(this.#around);
    const value = given ? expand(given, this.variables, []) : outer.of(name);
    return 'text' in value && resolved(value.text, this.#around) === '0';
  }

  /** A text of the shell under a name. That its command failed does not end a script in which it is a part of a word. */
  kept(text: string): HandedOn {
    this.#values += 1;
    const name = `BUILD_VALUE_${this.#values}`;
    return this.assigned(name, /^(?:\$\(|`)/.test(text) ? `${text} || true` : text);
  }

  /** The same, and the same again as long as nothing gives `names` another value. `guard` is a line before it. */
  keptOnce(text: string, names: readonly string[], guard?: string): HandedOn {
    const known = this.#once.get(text);
    if (known && known.when === this.#when) return known.is;
    if (guard !== undefined) this.#current().statements.push(line(guard));
    const is = this.kept(text);
    this.#once.set(text, { is, names, when: this.#when });
    return is;
  }

  /** A line `NAME=VALUE` of the shell before what is read. */
  assigned(name: string, value: string): HandedOn {
    const part = this.#current();
    part.statements.push(assignment(name, value));
    return { name, by: part.id };
  }

  /** The words of `docker build`. Where only the shell knows which options are in one, it is asked first. */
  withOptionsRead(words: readonly ShellWord[], variables: Variables, used: HandedOn[]): Words {
    const { step, job } = this.#around;
    if (!/^bash\b/.test(step.shell ?? job.shell ?? 'bash')) return { words, rows: [] };
    const moved = (this.#folder ?? '.') !== '.';
    const open = openOptionsIn(words, step.run ?? '', variables).filter(
      ({ kinds }) => !moved || !kinds.some((kind) => kind.startsWith('--cache')),
    );
    const read = new Map<number, readonly ShellWord[]>();
    for (const each of open) {
      this.#options += 1;
      const part = this.#current();
      part.statements.push(optionsRead(each, this.#options));
      const names = each.kinds.map((kind) => ({ kind, name: nameOf(this.#options, kind), by: part.id }));
      used.push(...names.map(({ name, by }) => ({ name, by })));
      read.set(
        each.at,
        names.map(({ kind, name, by }) => [{ literal: `${kind}=\${{ steps.${by}.outputs.${name} }}` }]),
      );
    }
    const behind = open.filter(({ text }) => text.startsWith('--build-arg ')).map(({ at }) => at - 1);
    return {
      words: words.flatMap((word, at) => read.get(at) ?? (behind.includes(at) ? [] : [word])),
      rows: open.map(({ text, kinds }) => changed(text, `${READ} ${kinds.join(', ')}`)),
    };
  }

  /** The part that the next command of the shell belongs to. */
  #current(): ShellPart {
    const last = this.parts.at(-1);
    if (last?.kind === 'shell' && last.when === this.#when) return last;
    this.#shells += 1;
    const id = this.#shells === 1 ? `${this.#id}-script` : `${this.#id}-script-${this.#shells}`;
    const part: ShellPart = { kind: 'shell', id, statements: [], when: this.#when };
    this.parts.push(part);
    return part;
  }
}
