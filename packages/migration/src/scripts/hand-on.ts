import type { Draft } from '../draft.ts';
import { excludes, implies, isDecided, type When } from './branches.ts';
import { type HandedOn, startsWith } from './expand.ts';
import { isSetInOneLine } from './one-line-outputs.ts';
import type { BuildPart, Part, ShellPart } from './parts.ts';
import type { ShellStatement } from './read-script.ts';
import { reads } from './reads.ts';
import { isAssignment, isExported, type ScriptVariables, type Surroundings } from './variables.ts';

/** A part of a script with what it becomes. */
export type Made =
  | { readonly part: ShellPart }
  | { readonly part: Exclude<Part, ShellPart>; readonly draft: Draft };

/** A script on its way to steps. */
export interface Assembly {
  readonly made: readonly Made[];
  readonly variables: ScriptVariables;
  readonly around: Surroundings;
  /** Outputs of the script that are the image of a build. */
  readonly images: ReadonlyMap<string, BuildPart>;
  /** Parts of the script that become steps. */
  readonly kept: readonly ShellPart[];
  /** The one of them that writes the outputs that others read. */
  readonly teller: ShellPart | undefined;
  /** Outputs that an earlier part writes, by their names. */
  readonly apart: ReadonlyMap<string, ShellPart>;
}

/** The line with which a step hands a value on, in lines where it may have several. A branch that did not run may not have set it. */
export function handingOn(name: string, { statements }: ShellPart, inLines: boolean): string {
  if (/^OPTIONS_\d/.test(name))
    return `{ echo "${name}<<END_OF_OPTIONS"; echo "$${name}"; echo END_OF_OPTIONS; } >> "$GITHUB_OUTPUT"`;
  const last = statements.findLast(({ sets }) => sets.includes(name));
  const value = last?.sets.some(isDecided) && !isDecided(name) ? `\${${name}-}` : `$${name}`;
  return inLines
    ? `printf '%s\\n' "${name}<<END_OF_${name}" "${value}" "END_OF_${name}" >> "$GITHUB_OUTPUT"`
    : `echo "${name}=${value}" >> "$GITHUB_OUTPUT"`;
}

/** A line that fails where a value has several lines and a label takes it: `labels` has one in a line. */
export function guardOfLabel(name: string, part: ShellPart, { made }: Assembly): readonly string[] {
  const labels = made.flatMap((each) =>
    'draft' in each ? each.draft.inputs.filter(([input]) => input === 'labels') : [],
  );
  const output = `steps.${part.id}.outputs.${name} }}`;
  if (
    /^OPTIONS_\d/.test(name) ||
    isSetInOneLine(part, name) ||
    !labels.some(([, value]) => value.includes(output))
  )
    return [];
  return [
    `[ "$(printf '%s\\n' "\${${name}-}" | wc -l)" -eq 1 ] || { echo "${name} has several lines, and a label takes one" >&2; exit 1; }`,
  ];
}

/** Whether a value goes on into the `env` of a step, which takes several lines, and may have several. */
export function mayHaveLines(name: string, part: ShellPart, assembly: Assembly): boolean {
  if (isDecided(name) || isSetInOneLine(part, name)) return false;
  const { made, kept } = assembly;
  const drafts = made.flatMap((each) => ('draft' in each ? each.draft.env.map(([, value]) => value) : []));
  if (drafts.some((value) => value.includes(`steps.${part.id}.outputs.${name} }}`))) return true;
  const needed = kept.flatMap((later) => (later === part ? [] : neededBy(later, assembly)));
  return needed.some((each) => each.name === name && each.by === part.id);
}

/** A name of which a later part of the script asks whether it is set: after an output, it is. */
export function askedWhetherSet(assembly: Assembly): string | undefined {
  for (const part of assembly.kept) {
    const before = statementsBefore(part, assembly.made);
    for (const { name } of neededBy(part, assembly)) {
      const asks = new RegExp(
        `\\$\\{${name}(?:\\[[^\\]]*\\])?[-+?=]|-v\\s+["']?${name}\\b|\\bdeclare\\s+-p\\b`,
      );
      const isSure = before.some((each) => assignedBy(each).includes(name));
      if (!isSure && asks.test(sourceOf(part))) return name;
    }
  }
  return undefined;
}

/** Why a value cannot be handed on where its part writes another output of that name: the last one of a step counts. */
export function writtenOtherwise(assembly: Assembly): string | undefined {
  for (const part of assembly.kept) {
    const text = sourceOf(part);
    if (!/GITHUB_OUTPUT|::set-output/.test(text)) continue;
    const name = exportedBy(part, assembly).find((each) => {
      const lines = text
        .split('\n')
        .filter((line) =>
          new RegExp(`["'\\s;]${each}(?:=|<<).*OUTPUT|name=${each}::|["' ]${each}<<`).test(line),
        );
      const same = new RegExp(`echo\\s+"?${each}=\\$\\{?${each}\\}?"?\\s*>>`);
      const once = part.statements.filter(({ sets }) => sets.includes(each)).length <= 1;
      return lines.some((line) => !once || !same.test(line));
    });
    if (name !== undefined)
      return `its script writes an output ${name}, and a step would hand on $${name} under that name`;
  }
  return undefined;
}

const WRITES =
  /\becho\s+(?:-n\s+)?["']?([\w-]+)=[^\n;&|]*>>\s*["']?\$\{?GITHUB_OUTPUT\}?["']?|::set-output name=([\w-]+)::/g;

/** Outputs that all parts but the last write. Nothing where two write the same, or this file does not say which one writes. */
export function outputsApart(tellers: readonly ShellPart[]): ReadonlyMap<string, ShellPart> | undefined {
  if (tellers.length < 2) return new Map();
  const named = tellers.map((part) => {
    const text = sourceOf(part);
    const names = [...text.matchAll(WRITES)].map(([, name, old]) => name ?? old ?? '');
    return { part, names, known: names.length === (text.match(/GITHUB_OUTPUT|::set-output/g) ?? []).length };
  });
  const all = named.flatMap(({ names }) => [...new Set(names)]);
  if (named.some(({ known }) => !known) || new Set(all).size < all.length) return undefined;
  return new Map(named.slice(0, -1).flatMap(({ part, names }) => names.map((name) => [name, part] as const)));
}

/** What of a script has run before a part of it. */
export function statementsBefore(part: ShellPart, made: readonly Made[]): readonly ShellStatement[] {
  return shellsBefore(part, made)
    .filter(({ when }) => implies(part.when, when))
    .flatMap(({ statements }) => statements);
}

function shellsBefore(part: ShellPart, made: readonly Made[]): readonly ShellPart[] {
  const index = made.findIndex((each) => each.part === part);
  return made.slice(0, index).flatMap((each) => (each.part.kind === 'shell' ? [each.part] : []));
}

/** Whether programs may read a name that no text of the script says. */
function isForPrograms(name: string, { around, variables }: Assembly): boolean {
  return !isDecided(name) && (isExported(around, name) || variables.exports(name));
}

/** A name that a part reads and that may have been set in a branch which need not have run. */
export function setInBranch(assembly: Assembly): string | undefined {
  const { kept, made } = assembly;
  for (const part of kept) {
    const seen = new Set<string>();
    for (const before of shellsBefore(part, made).toReversed()) {
      if (excludes(part.when, before.when)) continue;
      const sure = implies(part.when, before.when);
      const sets = before.statements.flatMap((each) => (sure ? assignedBy(each) : each.sets));
      const isRead = (each: string) => readsFirst(part, each) || isForPrograms(each, assembly);
      const name = sets.find((each) => !sure && !seen.has(each) && isRead(each));
      if (name !== undefined) return name;
      if (sure) for (const each of sets) seen.add(each);
    }
  }
  return undefined;
}

const assignedBy = (statement: ShellStatement) =>
  isAssignment(statement) ? statement.assigns.map(({ name }) => name) : [];

/** Whether a part reads a name before it sets it. */
function readsFirst({ statements }: ShellPart, name: string): boolean {
  const first = statements.find((each) => reads(each.source, name) || assignedBy(each).includes(name));
  return first !== undefined && reads(first.source, name);
}

/** Options, folders and plain texts that a later part of a script still needs. */
export function isAgain(
  statement: ShellStatement,
  before: readonly ShellStatement[],
  variables: ScriptVariables,
): boolean {
  if (isAssignment(statement))
    return (
      variables.wasPlain(statement) &&
      statement.sets.some((name) => before.findLast(({ sets }) => sets.includes(name)) === statement)
    );
  return ['set', 'cd', 'export'].some((name) => startsWith(statement, name));
}

/** What a part of the script takes from an earlier one that became a step of its own. */
export function neededBy(part: ShellPart, assembly: Assembly): readonly HandedOn[] {
  const { kept, made, variables } = assembly;
  const text = sourceOf(part);
  const before = statementsBefore(part, made);
  return [...new Set(before.flatMap(({ sets }) => sets))].flatMap((name) => {
    const last = before.findLast(({ sets }) => sets.includes(name));
    const by = kept.find(({ statements }) => last !== undefined && statements.includes(last));
    const again = last !== undefined && isAssignment(last) && variables.wasPlain(last);
    const isRead = reads(text, name) || isForPrograms(name, assembly);
    return by && !again && isRead ? [{ name, by: by.id }] : [];
  });
}

/** A list that a later part of the script reads: an output hands on its first element alone. */
export function listHandedOn(assembly: Assembly): string | undefined {
  for (const part of assembly.kept) {
    const text = sourceOf(part);
    const name = neededBy(part, assembly).find(({ name: each }) =>
      new RegExp(`\\$\\{[!#]?${each}\\[|\\b${each}(?:\\+=\\(|\\[)`).test(text),
    );
    if (name) return name.name;
  }
  return undefined;
}

/** Names that a part hands on, to new steps and to later parts. */
export function exportedBy(part: ShellPart, assembly: Assembly): readonly string[] {
  const used = assembly.made.flatMap((each) => ('draft' in each ? each.part.used : []));
  const asked = [
    ...assembly.made.filter((each) => 'draft' in each).map((each) => each.part),
    ...assembly.kept,
  ];
  const whens = asked.flatMap(({ when }): When[] => (when ? [when] : []));
  const needed = assembly.kept.flatMap((later) => (later === part ? [] : neededBy(later, assembly)));
  return [
    ...new Set([...used, ...whens, ...needed].filter(({ by }) => by === part.id).map(({ name }) => name)),
  ];
}

/** The text of a part. */
export function sourceOf(part: ShellPart): string {
  return part.statements.map(({ source }) => source).join('\n');
}
