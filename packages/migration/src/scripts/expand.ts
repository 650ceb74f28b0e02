import { replaceExpressions } from '../expressions.ts';
import type { ShellStatement } from './read-script.ts';
import type { ShellPiece, ShellWord } from './read-words.ts';

/** What a word of a script is as a value of a workflow, with expressions in it; or why it is none. */
export type Expanded = { readonly text: string } | { readonly why: string };

/** A value that only the shell knows, which a step hands on by an output. */
export interface HandedOn {
  readonly name: string;
  /** Id of the step. */
  readonly by: string;
}

/** What a variable is at this place of a script. */
export interface Variables {
  of(name: string): (Expanded & { readonly used?: readonly HandedOn[] }) | { readonly handedOn: HandedOn };
  /** What a shell alone can say at this place, such as `$(git describe)`, where a step can hand it on. */
  ofShell?(text: string): HandedOn | undefined;
  /** The elements of a list that the script writes out. */
  elementsOf?(name: string): readonly Element[] | undefined;
  /** A text with what the file says of its expressions. */
  resolve?(text: string): string;
  /** Whether the script sets a name. */
  sets?(name: string): boolean;
}

export interface Element {
  readonly text: string;
  readonly used: readonly HandedOn[];
}

/** Variables that a runner sets by itself, as the contexts call them. */
const OF_THE_RUNNER: Readonly<Record<string, string>> = {
  GITHUB_SHA: 'github.sha',
  GITHUB_REF: 'github.ref',
  GITHUB_REF_NAME: 'github.ref_name',
  GITHUB_REF_TYPE: 'github.ref_type',
  GITHUB_HEAD_REF: 'github.head_ref',
  GITHUB_BASE_REF: 'github.base_ref',
  GITHUB_RUN_ID: 'github.run_id',
  GITHUB_RUN_NUMBER: 'github.run_number',
  GITHUB_RUN_ATTEMPT: 'github.run_attempt',
  GITHUB_REPOSITORY: 'github.repository',
  GITHUB_REPOSITORY_OWNER: 'github.repository_owner',
  GITHUB_ACTOR: 'github.actor',
  GITHUB_WORKSPACE: 'github.workspace',
  GITHUB_EVENT_NAME: 'github.event_name',
};

export function ofTheRunner(name: string): string | undefined {
  return OF_THE_RUNNER[name];
}

/** A word as one text, as in an assignment or in quotes. What it takes from outputs of a step is added to `used`. */
export function expand(word: ShellWord, variables: Variables, used: HandedOn[]): Expanded {
  let text = '';
  for (const piece of word) {
    const value = textOf(piece, variables);
    if ('why' in value) return value;
    text += value.text;
    used.push(...value.used);
  }
  return { text };
}

type Known = { readonly text: string; readonly used: readonly HandedOn[] } | { readonly why: string };

function textOf(piece: ShellPiece, variables: Variables): Known {
  if ('literal' in piece) return { text: piece.literal, used: [] };
  if ('elements' in piece) return { why: `\${${piece.elements}[@]} is known to the shell alone` };
  if ('only' in piece) {
    const handedOn = variables.ofShell?.(piece.only);
    return handedOn ? outputOf(handedOn) : { why: `${piece.only} is known to the shell alone` };
  }
  const value = variables.of(piece.variable);
  if ('why' in value) return value;
  return 'handedOn' in value ? outputOf(value.handedOn) : { text: value.text, used: value.used ?? [] };
}

function outputOf(handedOn: HandedOn) {
  return { text: `\${{ steps.${handedOn.by}.outputs.${handedOn.name} }}`, used: [handedOn] };
}

/** Words as the texts that a command is given, or why that is not known. */
export function expandAll(
  words: readonly ShellWord[],
  variables: Variables,
  used: HandedOn[],
): readonly string[] | { readonly why: string } {
  const texts: string[] = [];
  for (const word of words) {
    const fields = new Fields();
    for (const piece of word) {
      const why = addPiece(piece, fields, variables, used);
      if (why !== undefined) return { why };
    }
    texts.push(...fields.words());
  }
  return texts;
}

function addPiece(
  piece: ShellPiece,
  fields: Fields,
  variables: Variables,
  used: HandedOn[],
): string | undefined {
  if ('elements' in piece) {
    const elements = variables.elementsOf?.(piece.elements);
    if (elements === undefined) return `\${${piece.elements}[@]} is known to the shell alone`;
    fields.addEach(elements.map(({ text }) => text));
    used.push(...elements.flatMap((each) => each.used));
    return undefined;
  }
  const value = textOf(piece, variables);
  if ('why' in value) return value.why;
  used.push(...value.used);
  if (!('splits' in piece) || piece.splits !== true) {
    fields.add(value.text);
    return undefined;
  }
  const said = variables.resolve?.(value.text) ?? value.text;
  const plain = replaceExpressions(said, () => '');
  if ('literal' in piece) {
    if (SPECIAL.test(replaceExpressions(said, () => '')) && said !== value.text)
      return `${value.text} is not in quotes, and the shell reads what it has`;
    fields.add(value.text);
    return undefined;
  }
  if (variables.sets?.('IFS')) return 'its script sets IFS, which says where words end';
  if (/[*?[]/.test(plain))
    return `$${'variable' in piece ? piece.variable : ''} has names of files to look up`;
  if (/\s/.test(plain) || said === '' || /^-/.test(said)) fields.split(said);
  else fields.add(value.text);
  return undefined;
}

/** What a shell reads in a text that is not in quotes. */
const SPECIAL = /[\s*?[\]$`"'\\;&|<>(){}~#]/;

/** The words that the pieces of one word become: a text that is not in quotes ends them at its blanks. */
class Fields {
  readonly #done: string[] = [];
  #open: string | undefined;

  add(text: string): void {
    this.#open = `${this.#open ?? ''}${text}`;
  }

  addEach(texts: readonly string[]): void {
    for (const [index, text] of texts.entries()) {
      if (index > 0) this.#close();
      this.add(text);
    }
  }

  split(text: string): void {
    const hidden: string[] = [];
    const masked = replaceExpressions(text, (found) => `\uE000${hidden.push(found) - 1}\uE001`);
    for (const part of masked.split(/(\s+)/)) {
      if (/^\s/.test(part)) this.#close();
      else if (part !== '')
        this.add(part.replace(/\uE000(\d+)\uE001/g, (_, index) => hidden[Number(index)] ?? ''));
    }
  }

  words(): readonly string[] {
    this.#close();
    return this.#done;
  }

  #close(): void {
    if (this.#open !== undefined) this.#done.push(this.#open);
    this.#open = undefined;
  }
}

/** The literal text of a word without variables. */
export function literalOf(word: ShellWord | undefined): string | undefined {
  if (!word) return undefined;
  return word.every((piece) => 'literal' in piece) ? word.map((piece) => piece.literal).join('') : undefined;
}

/** The first words of a command, as far as they are literal: `docker build`. */
export function startsWith({ words, simple }: ShellStatement, ...names: readonly string[]): boolean {
  return simple && names.every((name, index) => literalOf(words[index]) === name);
}
