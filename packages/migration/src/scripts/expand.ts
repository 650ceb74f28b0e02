import type { ShellStatement, ShellWord } from './read-script.ts';

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

/** A word as text. What it takes from outputs of a step is added to `used`. */
export function expand(word: ShellWord, variables: Variables, used: HandedOn[]): Expanded {
  let text = '';
  for (const piece of word) {
    if ('literal' in piece) text += piece.literal;
    else {
      const value = textOf(piece, variables);
      if ('why' in value) return value;
      text += value.text;
      used.push(...value.used);
    }
  }
  return { text };
}

function textOf(
  piece: Exclude<ShellWord[number], { readonly literal: string }>,
  variables: Variables,
): { readonly text: string; readonly used: readonly HandedOn[] } | { readonly why: string } {
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

/** Words as texts, or why one is none. */
export function expandAll(
  words: readonly ShellWord[],
  variables: Variables,
  used: HandedOn[],
): readonly string[] | { readonly why: string } {
  const texts: string[] = [];
  for (const word of words) {
    const expanded = expand(word, variables, used);
    if ('why' in expanded) return expanded;
    texts.push(expanded.text);
  }
  return texts;
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
