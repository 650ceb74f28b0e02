import { within } from '../build/paths.ts';
import { type HandedOn, literalOf, startsWith } from './expand.ts';
import type { Part, ShellPart } from './parts.ts';
import { assignment, type ShellStatement } from './read-script.ts';
import { isQuiet } from './standing.ts';
import { ofEnvironment, ScriptVariables, type Surroundings } from './variables.ts';

/** The parts of a script while it is read, with what its shell knows up to there. */
export class ScriptParts {
  readonly parts: Part[] = [];
  readonly variables: ScriptVariables;
  readonly #id: string;
  #folder: string | undefined;
  #shells = 0;
  #values = 0;

  /** `id` is that of the step. */
  constructor(around: Surroundings, id: string) {
    this.variables = new ScriptVariables(ofEnvironment(around), () => this.#current().id);
    this.#id = id;
    this.#folder = around.step.workingDirectory ?? around.job.workingDirectory;
  }

  /** The folder of the workspace in which the script is. */
  get folder(): string | undefined {
    return this.#folder;
  }

  /** A command that stays one of the shell. */
  add(statement: ShellStatement): void {
    const part = this.#current();
    part.statements.push(statement);
    this.variables.follow(statement, part.id);
    if (startsWith(statement, 'cd') && isQuiet(statement, this.variables))
      this.#folder = within(this.#folder, literalOf(statement.words[1]) ?? '');
  }

  /** A text of the shell under a name. That its command failed does not end a script in which it is a part of a word. */
  kept(text: string): HandedOn {
    this.#values += 1;
    const name = `BUILD_VALUE_${this.#values}`;
    return this.assigned(name, /^(?:\$\(|`)/.test(text) ? `${text} || true` : text);
  }

  /** A line `NAME=VALUE` of the shell before what is read. */
  assigned(name: string, value: string): HandedOn {
    const part = this.#current();
    part.statements.push(assignment(name, value));
    return { name, by: part.id };
  }

  /** The part that the next command of the shell belongs to. */
  #current(): ShellPart {
    const last = this.parts.at(-1);
    if (last?.kind === 'shell') return last;
    this.#shells += 1;
    const id = this.#shells === 1 ? `${this.#id}-script` : `${this.#id}-script-${this.#shells}`;
    const part: ShellPart = { kind: 'shell', id, statements: [] };
    this.parts.push(part);
    return part;
  }
}
