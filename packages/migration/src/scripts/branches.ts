import type { Branch, Choice } from './read-choice.ts';
import { readScript, type ShellStatement } from './read-script.ts';

/** Where a part of a script stands in a branch: an output of the step before it says whether that runs. */
export interface When {
  /** The output. */
  readonly name: string;
  /** Id of the step that has it. */
  readonly by: string;
  /** The statement that decides. */
  readonly of: ShellStatement;
  /** Whether it is what comes after the choice, and whether nothing comes after this branch. */
  readonly place: 'branch' | 'last branch' | 'after';
  /** The branch in which the choice itself stands. */
  readonly in: When | undefined;
}

/** Whether the other one has run wherever this one runs. */
export function implies(one: When | undefined, other: When | undefined): boolean {
  return other === undefined || one === other || (one !== undefined && implies(one.in, other));
}

/** Whether the two never run both. */
export function excludes(one: When | undefined, other: When | undefined): boolean {
  for (let a = one; a !== undefined; a = a.in)
    for (let b = other; b !== undefined; b = b.in)
      if (a.of === b.of && a.name !== b.name)
        return (
          [a, b].every(({ place }) => place !== 'after') ||
          [a, b].some((each) => each.place === 'last branch')
        );
  return false;
}

/** The output that says whether a branch runs. */
export function nameOfChoice(number: number): string {
  return `BUILD_IF_${number}`;
}

/** Whether a name is one of these. Its value is a word of ours, and no secret. */
export function isDecided(name: string): boolean {
  return /^BUILD_IF_\d+$/.test(name);
}

/** As `if` of a step asks it. */
export function asCondition({ by, name }: When): string {
  return `steps.${by}.outputs.${name} == 'true'`;
}

/** What of a choice stays in the shell: it decides where it stood, and runs what comes before commands of ours. */
export interface Decided {
  /** For each branch the output that says whether it runs, where a command of ours is in it. */
  readonly names: readonly (string | undefined)[];
  /** The output that says whether what comes after the choice runs. */
  readonly after: string | undefined;
  /** For each branch what of it stays. */
  readonly leads: readonly (readonly ShellStatement[])[];
}

export function decides(choice: Choice, { names, after, leads }: Decided): ShellStatement | undefined {
  const first = [
    ...names.flatMap((name) => (name ? [`${name}=false`] : [])),
    ...(after ? [`${after}=true`] : []),
  ];
  const lines = choice.branches.flatMap((branch, index) => {
    const indent = /(?:^|\n)([ \t]*)$/.exec(choice.frame[index] ?? '')?.[1] ?? '  ';
    return [
      tidied(choice.frame[index] ?? '', index),
      ...inBranch(branch, names[index], after, leads[index] ?? []).map((line) => `${indent}${line}`),
    ];
  });
  const own = [...lines, tidied(choice.frame.at(-1) ?? '', 1)].join('\n');
  const read = readScript(own);
  const [statement, ...more] = typeof read === 'string' ? [] : read;
  if (statement === undefined || more.length > 0) return undefined;
  const given = names.flatMap((name) => name ?? []);
  const sets = [...new Set([...statement.sets, ...given, ...(after ? [after] : [])])];
  // What a condition asks does not show in a name that a branch sets.
  const setters =
    choice.sets.length === 0 ? { setters: leads.flat().flatMap((each) => each.setters ?? [each]) } : {};
  return { ...statement, ...setters, source: `${first.join(' ')}\n${own}`, sets, choice: undefined };
}

function inBranch(
  { ends }: Branch,
  name: string | undefined,
  after: string | undefined,
  lead: readonly ShellStatement[],
): readonly string[] {
  const set = [...(name ? [`${name}=true`] : []), ...(ends && after ? [`${after}=false`] : [])];
  const lines = [...(set.length > 0 ? [set.join(' ')] : []), ...lead.map(({ source }) => source.trimStart())];
  return lines.length > 0 ? lines : [':'];
}

/** What is written between two branches, without what ended the command before it. */
function tidied(text: string, index: number): string {
  if (index === 0) return text.trimEnd();
  const rest = text.replace(/^[ \t]*;(?!;)[ \t]*/, '');
  return (/^[ \t]*\n/.test(rest) ? rest.replace(/^(?:[ \t]*\n)+/, '') : rest.trimStart()).trimEnd();
}
