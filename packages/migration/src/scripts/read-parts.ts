import { changed, type Row } from '../draft.ts';
import { replaceExpressions } from '../expressions.ts';
import { asOneLine, BUILDS_OR_DEPLOYS, DEPLOYS, OURS } from './commands.ts';
import { ComposeCommands } from './compose-commands.ts';
import { DeployCommands } from './deploy-commands.ts';
import { expandAll, type HandedOn } from './expand.ts';
import { type Built, ImageCommands, type Reading } from './image-commands.ts';
import { WORD, withoutFunctions } from './inline-functions.ts';
import { type BuildPart, imageKey, type Part } from './parts.ts';
import { Places } from './places.ts';
import { PushedNames } from './pushed-names.ts';
import { readScript, type ShellStatement } from './read-script.ts';
import { ScriptParts } from './script-parts.ts';
import type { Placed } from './standing.ts';
import { choiceToTake, endsEarly, takeChoice } from './take-choice.ts';
import { turnsOf } from './turns.ts';
import { isExported, type ScriptVariables, type Surroundings } from './variables.ts';

export interface ReadParts {
  readonly parts: readonly Part[];
  /** Its statements in their order. */
  readonly placed: readonly Placed[];
  /** Of each command that becomes a step: where it begins in `placed`, -1 for an earlier step, and where it ends. */
  readonly spans: readonly (readonly [from: number, to: number])[];
  readonly variables: ScriptVariables;
  /** Names that it gives to images: its own, and those of earlier steps. */
  readonly named: Built;
  /** Images of earlier steps that it gives another name. */
  readonly retagged: readonly BuildPart[];
  /** What became of its conditions. */
  readonly rows: readonly Row[];
}

/** A script in parts, or why it must stay whole; nothing when it has no command that this project could do. */
export function readParts(
  around: Surroundings,
  reading: Reading,
): ReadParts | { readonly why: string } | undefined {
  const { run = '' } = around.step;
  if (!OURS.test(asOneLine(run))) return undefined;
  const { text, names } = withoutFunctions(run, (name) => isExported(around, name));
  const statements = readScript(text);
  if (typeof statements === 'string') return { why: statements };
  return new Reader({ ...around, step: { ...around.step, run: text } }, reading).read(statements, names);
}

const ENDS =
  'where it fails, the job ends; the script went on, because bash ends only where the last command of `&&` fails';
const CALLED = 'what it does stands where it was called';

class Reader {
  readonly #script: ScriptParts;
  readonly #places: Places;
  readonly #images: ImageCommands;
  readonly #composed: ComposeCommands;
  readonly #deploys: DeployCommands;
  /** What it pushes itself. */
  readonly #pushes: PushedNames | undefined;
  readonly #isOurs: (statement: ShellStatement) => boolean;

  constructor(around: Surroundings, reading: Reading) {
    this.#script = new ScriptParts(around, reading.id);
    this.#places = new Places(this.#script.parts);
    this.#images = new ImageCommands(this.#script, this.#places, around, reading);
    this.#composed = new ComposeCommands(this.#script, this.#images, around, reading.loads);
    this.#pushes = reading.onlyDeploys ? new PushedNames((name) => imageKey(name, around)) : undefined;
    this.#deploys = new DeployCommands(this.#script, this.#places, around, this.#pushes);
    const ours = reading.onlyDeploys ? DEPLOYS : reading.loads ? BUILDS_OR_DEPLOYS : OURS;
    this.#isOurs = ({ does }) => ours.test(asOneLine(does));
  }

  read(
    statements: readonly ShellStatement[],
    functions: readonly string[],
  ): ReadParts | { readonly why: string } {
    const why = this.#readAll(statements, true);
    this.#script.rows.push(...functions.map((name) => changed(`function ${name}`, CALLED)));
    if (why !== undefined) return { why };
    return {
      parts: this.#script.parts,
      placed: this.#places.placed,
      spans: this.#places.spans,
      variables: this.#script.variables,
      named: this.#images.names,
      retagged: this.#images.retagged,
      rows: this.#script.rows,
    };
  }

  /** Says that a step which fails ends the job, where bash went on: it asks only how the last command of a list ended. */
  #tellOfList(statements: readonly ShellStatement[], index: number, last: boolean): void {
    const [statement, before] = [statements[index], statements[index - 1]];
    if (statement?.list !== 'part' || !this.#isOurs(statement)) return;
    if (before?.list === 'part' && this.#isOurs(before)) return;
    const end = statements.findIndex((each, at) => at > index && each.list === 'end');
    if (last && end === statements.length - 1) return;
    this.#script.rows.push(changed(`\`${statement.own.split('\n')[0]}\``, ENDS));
  }

  /** Statements one after the other; `last` where the script ends with them. */
  #readAll(statements: readonly ShellStatement[], last: boolean): string | undefined {
    for (const [index, statement] of statements.entries()) {
      const after = statements.slice(index + 1);
      const at = { statement, after, last };
      // Which image a restart deploys is certain only where no condition decides what is pushed.
      const choice = this.#pushes ? undefined : choiceToTake(at, this.#isOurs);
      if (choice === undefined) {
        this.#tellOfList(statements, index, last);
        const why = this.#read(statement, last && after.length === 0);
        if (why !== undefined) return why;
        continue;
      }
      const why = takeChoice(choice, at, {
        script: this.#script,
        places: this.#places,
        isOurs: this.#isOurs,
        readAll: (each, isLast) => this.#readAll(each, isLast),
      });
      if (why !== undefined || endsEarly(choice)) return why;
    }
    return undefined;
  }

  #read(statement: ShellStatement, last: boolean): string | undefined {
    const whole = this.#pushes && statement.loop?.body.some(({ acts }) => acts.length > 0);
    const turns = !whole && this.#isOurs(statement) ? turnsOf(statement, this.#script.variables) : undefined;
    if (turns === undefined) return this.#take(statement);
    for (const [index, turn] of turns.entries()) {
      const why = this.#readAll(turn, last && index === turns.length - 1);
      if (why !== undefined) return why;
    }
    return undefined;
  }

  /** Adds a statement to its part; answers why the script must stay whole. */
  #take(statement: ShellStatement): string | undefined {
    const open = this.#openWord(statement);
    if (open !== undefined) return `a function of its script is given ${open}, which may be several words`;
    const image = this.#pushes ? undefined : (this.#images.take(statement) ?? this.#composed.take(statement));
    const taken = image ?? this.#deploys.take(statement);
    if (typeof taken === 'string') return taken;
    if (taken === undefined) {
      if (this.#isOurs(statement)) return whyNotTaken(statement);
      this.#pushes?.follow(statement, this.#script.variables);
      this.#script.add(statement);
    }
    this.#places.place(statement, this.#script.variables);
    return undefined;
  }

  /** A word of a call that a shell alone can split. */
  #openWord({ assigns }: ShellStatement): string | undefined {
    const open = assigns.find(({ name, value }) => {
      const used: HandedOn[] = [];
      const split = value.some((piece) => 'splits' in piece && piece.splits);
      const words = WORD.test(name) && split ? expandAll([value], this.#script.variables, used) : [''];
      // What is nothing but an expression may be no word, or two.
      const [word = ''] = 'why' in words ? [] : words;
      const said = replaceExpressions(this.#script.variables.resolve(word), () => '');
      return (
        'why' in words || words.length !== 1 || used.length > 0 || (split && WORD.test(name) && said === '')
      );
    });
    return open?.value.map((piece) => ('variable' in piece ? `$${piece.variable}` : '…')).join('');
  }
}

/** Why a command of ours that is not alone in its statement cannot become a step. */
function whyNotTaken({ choice, form }: ShellStatement): string {
  if (choice && 'why' in choice) return choice.why;
  const what = FORMS[form] ?? 'a command inside of another one, or whose output goes to a file,';
  return `${what} of its script builds, pushes or deploys`;
}

const FORMS: Readonly<Record<string, string>> = {
  Background: 'a command in the background',
  Redirected: 'a loop, a condition or a group whose input or output is a file',
  For: 'a loop over names that this file does not say, or with a command that ends it,',
  While: 'a loop whose turns only a shell knows',
  ArithmeticFor: 'a loop whose turns only a shell knows',
  Function:
    'a function that takes its end or its words in another way than `$1`, or is called in a condition,',
  Pipeline: 'a pipe, or a command whose failure is turned round,',
  AndOr: 'a list with `||`, or with other commands after its first build,',
  Case: 'a `case` that goes on with its next branch',
  Subshell: 'a group in a shell of its own',
  BraceGroup: 'a group of commands',
};
