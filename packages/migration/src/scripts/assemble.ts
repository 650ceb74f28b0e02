import { copyStep } from '../build/copy.ts';
import { changed, type Draft, dropped, type Row } from '../draft.ts';
import { type Decision, idOf, type NewStep, numbered, type Place, stepOf } from '../new-step.ts';
import { expand, type HandedOn, startsWith } from './expand.ts';
import { type BuildPart, imageKey, localNames, type Part, type ShellPart } from './parts.ts';
import type { ReadParts } from './read-parts.ts';
import type { ShellStatement } from './read-script.ts';
import { isQuiet, whyWhole } from './standing.ts';
import { isAssignment, type ScriptVariables, type Surroundings } from './variables.ts';

/** A part of a script with what it becomes. */
export type Made =
  | { readonly part: ShellPart }
  | { readonly part: Exclude<Part, ShellPart>; readonly draft: Draft };

interface Assembly {
  readonly made: readonly Made[];
  readonly variables: ScriptVariables;
  readonly around: Surroundings;
  /** Outputs of the script that are the image of a build. */
  readonly images: ReadonlyMap<string, BuildPart>;
  /** Parts of the script that become steps. */
  readonly kept: readonly ShellPart[];
  /** The one of them that writes the outputs that others read. */
  readonly teller: ShellPart | undefined;
}

/** The steps that a script becomes, in order; or why it stays whole. */
export function assemble(
  made: readonly Made[],
  { variables, placed, spans }: ReadParts,
  around: Surroundings,
  loads: boolean,
): Decision {
  const whole = whyWhole(placed, { spans, loads });
  if (whole !== undefined) return { kind: 'left', why: whole };
  const { images, rows } = takeOutputs(made, variables, around);
  const shells = made.flatMap(({ part }) => (part.kind === 'shell' ? [part] : []));
  const used = made.flatMap((each) => ('draft' in each ? each.part.used : []));
  const kept = shells.filter(
    (part) =>
      used.some(({ by }) => by === part.id) || !part.statements.every((one) => isQuiet(one, variables)),
  );
  const tellers = kept.filter((part) => /GITHUB_OUTPUT|::set-output/.test(sourceOf(part)));
  if (tellers.length > 1)
    return {
      kind: 'left',
      why: 'two parts of its script write outputs, with a build or a deploy between them',
    };
  const several = made.length - shells.length + kept.length > 1;
  const why = several ? whyOne(around) : undefined;
  if (why !== undefined) return { kind: 'left', why };
  const assembly = { made, variables, around, images, kept, teller: tellers[0] };
  const list = listHandedOn(assembly);
  if (list !== undefined)
    return { kind: 'left', why: `commands after a build or a deploy read the list ${list} of its script` };
  return stepsOf(assembly, rows);
}

/** Why a step cannot become several. */
function whyOne({ step }: Surroundings): string | undefined {
  const condition = step.members.find(({ name }) => name === 'if')?.lines.join(' ') ?? '';
  if (/\b(?:always|failure|cancelled)\(\)/.test(condition))
    return 'it becomes several steps, and its `if` also holds after a failure';
  return step.members.some(({ name }) => name === 'continue-on-error')
    ? 'it becomes several steps, and `continue-on-error` would go on after the first'
    : undefined;
}

/** Takes the outputs out of the script that a build has as `image`. */
function takeOutputs(made: readonly Made[], variables: ScriptVariables, around: Surroundings) {
  const { step } = around;
  const builds = made.flatMap(({ part }) => (part.kind === 'build' ? [part] : []));
  const [images, rows] = [new Map<string, BuildPart>(), [] as Row[]];
  for (const { part } of made) {
    if (part.kind !== 'shell') continue;
    for (const statement of [...part.statements]) {
      const output = outputIn(statement, variables);
      const build =
        output &&
        builds.find(({ pushed }) =>
          pushed.some((name) => imageKey(name, around) === imageKey(output.value, around)),
        );
      if (!output || !build) continue;
      part.statements.splice(part.statements.indexOf(statement), 1);
      if (step.id !== undefined) images.set(output.name, build);
      rows.push(
        step.id === undefined
          ? dropped(`output ${output.name}`, 'the step has no id, so nobody can read it')
          : changed(`output ${output.name}`, 'the image by its digest, repository@sha256:…', 'image'),
      );
    }
  }
  return { images, rows };
}

/** `echo "NAME=VALUE" >> "$GITHUB_OUTPUT"`, or the command of before 2022. */
function outputIn(
  statement: ShellStatement,
  variables: ScriptVariables,
): { readonly name: string; readonly value: string } | undefined {
  if (!startsWith(statement, 'echo') || statement.words.length !== 2) return undefined;
  const expanded = expand(statement.words[1] ?? [], variables, []);
  if ('why' in expanded) return undefined;
  const [target] = statement.appendsTo ?? [];
  const toFile = target !== undefined && 'variable' in target && target.variable === 'GITHUB_OUTPUT';
  const form = toFile ? /^([\w-]+)=(.*)$/s : /^::set-output name=([\w-]+)::(.*)$/s;
  const [, name, value] = form.exec(expanded.text) ?? [];
  return name === undefined || value === undefined ? undefined : { name, value };
}

function sourceOf(part: ShellPart): string {
  return part.statements.map(({ source }) => source).join('\n');
}

function stepsOf(assembly: Assembly, found: readonly Row[]): Decision {
  const { made, kept, teller, around } = assembly;
  const own = around.step.id;
  const rows = [...found];
  const notes: string[] = [];
  const by: NewStep[] = [];
  const deploysAlone = made.filter(({ part }) => part.kind !== 'shell').length === 1 && teller === undefined;
  for (const each of made) {
    if ('draft' in each) {
      by.push(
        stepOf(
          each.draft,
          each.part.kind === 'build' ? idOfBuild(each.part, assembly) : deploysAlone ? own : undefined,
        ),
      );
      const { others = [] } = each.draft;
      if (each.part.kind === 'build' && others.length > 0)
        by.push(copyStep(others, idOfBuild(each.part, assembly) ?? ''));
      rows.push(...each.draft.rows);
      notes.push(...each.draft.notes);
    } else if (kept.includes(each.part)) by.push(scriptStep(each.part, assembly));
    else
      rows.push(...each.part.statements.map(({ own: said }) => dropped(said.split('\n')[0] ?? '', PRINTS)));
  }
  const outputs: Record<string, Place> = {};
  for (const [name, part] of assembly.images)
    outputs[name] = { id: idOfBuild(part, assembly) ?? '', output: 'image' };
  const renamed = teller && own !== undefined ? by.map((step) => renamedIn(step, teller.id, own)) : by;
  return {
    kind: 'replaced',
    by: numbered(renamed),
    rows,
    notes,
    outputs,
    keepsOutputs: teller !== undefined,
    rendersOf: [],
    local: made.flatMap(({ part }) => (part.kind === 'build' && !part.loads ? localNames(part, around) : [])),
  };
}

const PRINTS = 'it only prints, or sets what the new steps say themselves';

function idOfBuild(part: BuildPart, { made, around, teller }: Assembly): string | undefined {
  const copied = made.some((each) => 'draft' in each && (each.draft.others ?? []).length > 0);
  const own = copied ? idOf(around.job, around.step) : around.step.id;
  if (own === undefined) return undefined;
  const builds = made.flatMap((each) => (each.part.kind === 'build' ? [each.part] : []));
  const number = builds.length > 1 ? `-${builds.indexOf(part) + 1}` : '';
  return teller === undefined && number === '' ? own : `${own}-image${number}`;
}

/** The step that hands values on has the id of the old step when it also writes the old outputs. */
function renamedIn(step: NewStep, from: string, to: string): NewStep {
  const put = (value: string) => value.replaceAll(`steps.${from}.outputs.`, `steps.${to}.outputs.`);
  const pairs = (each: NewStep['inputs']) => each.map(([name, value]) => [name, put(value)] as const);
  return { ...step, inputs: pairs(step.inputs), env: pairs(step.env) };
}

/** What is left of the script here, with what it needs of the parts before it. */
function scriptStep(part: ShellPart, assembly: Assembly): NewStep {
  const { made, variables, around, teller } = assembly;
  const index = made.findIndex((each) => each.part === part);
  const before = statementsBefore(part, made);
  const again = before
    .filter((statement) => isAgain(statement, before, variables))
    .map(({ own: said }) => said);
  const exported = exportedBy(part, assembly);
  const lines = exported.map(handingOn);
  const { shell, workingDirectory } = around.step;
  const last = part.statements.at(-1);
  const goesOn = index < made.length - 1 && last !== undefined && maySayNo(last);
  const own = part === teller ? around.step.id : undefined;
  return {
    does: {
      kind: 'script',
      script: [
        ...again,
        sourceOf(part).replace(/^(?:[ \t]*\r?\n)+/, ''),
        ...(goesOn ? ['true'] : []),
        ...lines,
      ]
        .filter((line) => line !== '')
        .join('\n'),
      shell,
      folder: workingDirectory,
    },
    id: own ?? (exported.length > 0 ? part.id : undefined),
    suffix: '',
    inputs: [],
    env: neededBy(part, assembly).map(
      ({ name, by }) => [name, `\${{ steps.${by}.outputs.${name} }}`] as const,
    ),
  };
}

/** Whether a statement can fail without ending its script: as the last one, it would end a step. */
function maySayNo({ simple, own }: ShellStatement): boolean {
  return !simple && /&&|(?:^|\s)!\s/.test(own);
}

function handingOn(name: string): string {
  return /^OPTIONS_\d/.test(name)
    ? `{ echo "${name}<<END_OF_OPTIONS"; echo "$${name}"; echo END_OF_OPTIONS; } >> "$GITHUB_OUTPUT"`
    : `echo "${name}=$${name}" >> "$GITHUB_OUTPUT"`;
}

function statementsBefore(part: ShellPart, made: readonly Made[]): readonly ShellStatement[] {
  const index = made.findIndex((each) => each.part === part);
  return made.slice(0, index).flatMap((each) => (each.part.kind === 'shell' ? each.part.statements : []));
}

/** Options, folders and plain texts that a later part of a script still needs. */
function isAgain(
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
function neededBy(part: ShellPart, { kept, made, variables }: Assembly): readonly HandedOn[] {
  const text = sourceOf(part);
  const before = statementsBefore(part, made);
  return [...new Set(before.flatMap(({ sets }) => sets))].flatMap((name) => {
    const last = before.findLast(({ sets }) => sets.includes(name));
    const by = kept.find(({ statements }) => last !== undefined && statements.includes(last));
    const again = last !== undefined && isAssignment(last) && variables.wasPlain(last);
    return by && !again && reads(text, name) ? [{ name, by: by.id }] : [];
  });
}

/** Whether a text of the shell reads a name. In arithmetic, it stands there without `$`. */
function reads(text: string, name: string): boolean {
  const counts = /\(\(|\$\[|\blet\b|\[\[|\b(?:declare|typeset|local)\b|\$\{\w+:/.test(text);
  return new RegExp(counts ? `\\b${name}\\b` : `\\$\\{?[!#]?${name}\\b`).test(text);
}

/** A list that a later part of the script reads: an output hands on its first element alone. */
function listHandedOn(assembly: Assembly): string | undefined {
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
function exportedBy(part: ShellPart, assembly: Assembly): readonly string[] {
  const used = assembly.made.flatMap((each) => ('draft' in each ? each.part.used : []));
  const needed = assembly.kept.flatMap((later) => (later === part ? [] : neededBy(later, assembly)));
  return [...new Set([...used, ...needed].filter(({ by }) => by === part.id).map(({ name }) => name))];
}
