import { copyStep } from '../build/copy.ts';
import { changed, dropped, type Row } from '../draft.ts';
import { type Decision, idOf, type NewStep, numbered, type Place, stepOf } from '../new-step.ts';
import { asCondition, excludes, implies, isDecided } from './branches.ts';
import { expand, startsWith } from './expand.ts';
import {
  type Assembly,
  askedWhetherSet,
  exportedBy,
  guardOfLabel,
  handingOn,
  isAgain,
  listHandedOn,
  type Made,
  mayHaveLines,
  neededBy,
  outputsApart,
  setInBranch,
  sourceOf,
  statementsBefore,
  writtenOtherwise,
} from './hand-on.ts';
import type { Reading } from './image-commands.ts';
import { type BuildPart, imageKey, localNames, type ShellPart } from './parts.ts';
import type { ReadParts } from './read-parts.ts';
import type { ShellStatement } from './read-script.ts';
import { whySecret } from './secrecy.ts';
import { isQuiet, whyWhole } from './standing.ts';
import { SET_INSIDE, saysNo } from './take-choice.ts';
import type { ScriptVariables, Surroundings } from './variables.ts';

/** The steps that a script becomes, in order; or why it stays whole. */
export function assemble(
  made: readonly Made[],
  { variables, placed, spans, rows: conditions }: ReadParts,
  around: Surroundings,
  { loads, onlyDeploys = false }: Pick<Reading, 'loads' | 'onlyDeploys'>,
): Decision {
  const whole = whyWhole(placed, { spans, loads, onlyDeploys });
  if (whole !== undefined) return { kind: 'left', why: whole };
  const { images, rows } = takeOutputs(made, variables, around);
  const shells = made.flatMap(({ part }) => (part.kind === 'shell' ? [part] : []));
  const used = made.flatMap((each) => ('draft' in each ? each.part.used : []));
  const kept = shells.filter(
    (part) =>
      used.some(({ by }) => by === part.id) || !part.statements.every((one) => isQuiet(one, variables)),
  );
  const tellers = kept.filter((part) => /GITHUB_OUTPUT|::set-output/.test(sourceOf(part)));
  const teller = tellers.at(-1);
  const apart = around.step.id === undefined ? new Map() : outputsApart(tellers);
  if (apart === undefined)
    return {
      kind: 'left',
      why: 'two parts of its script write outputs, with a build or a deploy between them',
    };
  const several = made.length - shells.length + kept.length > 1;
  const why = several ? whyOne(around) : undefined;
  if (why !== undefined) return { kind: 'left', why };
  const assembly = { made, variables, around, images, kept, teller, apart };
  const list = listHandedOn(assembly);
  if (list !== undefined)
    return { kind: 'left', why: `commands after a build or a deploy read the list ${list} of its script` };
  const asked = askedWhetherSet(assembly);
  if (asked !== undefined)
    return {
      kind: 'left',
      why: `commands after a build or a deploy ask whether $${asked} of its script is set`,
    };
  const other = writtenOtherwise(assembly);
  if (other !== undefined) return { kind: 'left', why: other };
  const inside = setInBranch(assembly);
  if (inside !== undefined) return { kind: 'left', why: `its script reads $${inside}, which ${SET_INSIDE}` };
  const statements = shells.flatMap((part) => part.statements);
  const names = kept.flatMap((part) => exportedBy(part, assembly)).filter((name) => !isDecided(name));
  const secret = names.map((name) => whySecret(name, statements, around)).find((each) => each !== undefined);
  if (secret !== undefined)
    return { kind: 'left', why: `an output would show in the log what ${secret} of its script answers` };
  return stepsOf(assembly, [...conditions, ...rows]);
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
        !isWrittenElsewhere(output.name, statement, made) &&
        builds.find(
          ({ pushed, when }) =>
            implies(part.when, when) &&
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

/** Whether a script with branches writes an output of that name at another place too. */
function isWrittenElsewhere(name: string, statement: ShellStatement, made: readonly Made[]): boolean {
  if (!made.some(({ part }) => part.when)) return false;
  const others = made.flatMap(({ part }) => (part.kind === 'shell' ? part.statements : []));
  return others.some((each) => each !== statement && new RegExp(`\\b${name}(?:=|<<|::)`).test(each.source));
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
          whenOf(each).when,
        ),
      );
      const { others = [] } = each.draft;
      if (each.part.kind === 'build' && others.length > 0)
        by.push({ ...copyStep(others, idOfBuild(each.part, assembly) ?? ''), ...whenOf(each) });
      rows.push(...each.draft.rows);
      notes.push(...each.draft.notes);
    } else if (kept.includes(each.part)) by.push(scriptStep(each.part, assembly));
    else
      rows.push(...each.part.statements.map(({ own: said }) => dropped(said.split('\n')[0] ?? '', PRINTS)));
  }
  const outputs: Record<string, Place> = {};
  for (const [name, part] of assembly.images)
    outputs[name] = { id: idOfBuild(part, assembly) ?? '', output: 'image' };
  for (const [name, part] of assembly.apart) outputs[name] = { id: part.id, output: name };
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

function whenOf({ part: { when } }: Made): { readonly when?: string } {
  return when ? { when: asCondition(when) } : {};
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
  const { when } = step;
  return { ...step, inputs: pairs(step.inputs), env: pairs(step.env), ...(when && { when: put(when) }) };
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
  const lines = exported.flatMap((name) => [
    ...guardOfLabel(name, part, assembly),
    handingOn(name, part, mayHaveLines(name, part, assembly)),
  ]);
  const { shell, workingDirectory } = around.step;
  const last = part.statements.at(-1);
  const goesOn =
    made.slice(index + 1).some((each) => !excludes(part.when, each.part.when)) &&
    lines.length === 0 &&
    saysNo(last);
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
    id: own ?? (exported.length > 0 || [...assembly.apart.values()].includes(part) ? part.id : undefined),
    suffix: '',
    inputs: [],
    env: neededBy(part, assembly).map(
      ({ name, by }) => [name, `\${{ steps.${by}.outputs.${name} }}`] as const,
    ),
    ...whenOf({ part }),
  };
}
