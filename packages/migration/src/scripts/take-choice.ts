import { changed } from '../draft.ts';
import { decides, type When } from './branches.ts';
import { asOneLine, OURS } from './commands.ts';
import type { Places } from './places.ts';
import type { Branch, Choice } from './read-choice.ts';
import { readScript, type ShellStatement } from './read-script.ts';
import { reads } from './reads.ts';
import type { ScriptParts } from './script-parts.ts';

/** A choice where it stands: `last` where the script ends with what comes after it. */
interface At {
  readonly statement: ShellStatement;
  readonly after: readonly ShellStatement[];
  readonly last: boolean;
}

/** What reads the statements of its branches. */
interface Reader {
  readonly script: ScriptParts;
  readonly places: Places;
  isOurs(statement: ShellStatement): boolean;
  readAll(statements: readonly ShellStatement[], last: boolean): string | undefined;
}

/** Whether what comes after a choice belongs to it: it does not run after one of its branches. */
export function endsEarly({ branches }: Choice): boolean {
  return branches.some(({ ends }) => ends !== undefined);
}

/** A choice on which a step of ours depends: in a branch of it, or after one that ends the script or the turn of a loop. */
export function choiceToTake({ statement, after }: At, isOurs: Reader['isOurs']): Choice | undefined {
  const { choice } = statement;
  if (choice === undefined || 'why' in choice) return undefined;
  const ends = choice.branches.flatMap((branch) => branch.ends ?? []);
  const taken = isOurs(statement) || ends.includes('continue') || (ends.length > 0 && after.some(isOurs));
  return taken ? choice : undefined;
}

const ASKED = 'the script asks it where it stood, and the steps that depend on it run where that says so';

/** The shell decides, and hands on what it has decided. Answers why the script must stay whole. */
export function takeChoice(choice: Choice, at: At, reader: Reader): string | undefined {
  const { script } = reader;
  const asked = choice.asks.find((text) => OURS.test(asOneLine(text)));
  if (asked !== undefined) return `a condition of its script asks how \`${firstLine(asked)}\` ended`;
  script.rows.push(changed(`\`${firstLine(choice.asks.join(' '))}\``, ASKED, 'if'));
  const isLast = at.last && at.after.length === 0;
  if (isLast && choice.must !== undefined) return mustHold(choice, choice.must, reader);
  return inBranches(choice, at, reader);
}

/** The script fails where the condition does not hold, and so nothing else needs to ask. */
function mustHold({ branches }: Choice, must: string, { readAll }: Reader): string | undefined {
  const read = readScript(must);
  if (typeof read === 'string') return read;
  return readAll([...read, ...branches.flatMap(({ body }) => body)], true);
}

function inBranches(choice: Choice, { statement, after, last }: At, reader: Reader): string | undefined {
  const { script, places, isOurs, readAll } = reader;
  const { variables } = script;
  const leads = choice.branches.map(({ body }) => leadOf(body, isOurs));
  const names = choice.branches.map(({ body }) => (body.some(isOurs) ? script.nextChoice() : undefined));
  const goesOn = endsEarly(choice) ? script.nextChoice() : undefined;
  const unset = whyUnset(choice, { statement, leads }, script);
  if (unset !== undefined) return unset;
  const hidden =
    last && after.length === 0
      ? leads.find((_, index) => !names[index] && saysNo(leads[index]?.at(-1)))
      : undefined;
  if (hidden !== undefined)
    return `\`${firstLine(hidden.at(-1)?.own ?? '')}\` is the last command of its script in one branch, and decides how that ends`;
  const decided = decides(choice, { names, after: goesOn, leads });
  if (decided === undefined) return `\`${firstLine(statement.own)}\` of its script cannot be taken apart`;
  const before = variables.known();
  const by = script.add(decided);
  places.place(decided, variables);
  const all = variables.known();
  const base = { by, of: decided, in: script.when };
  const inside: string[] = [];
  for (const [index, { body, ends }] of choice.branches.entries()) {
    const name = names[index];
    if (name === undefined) continue;
    variables.from(before);
    variables.handOn(choice.sets, by);
    const lead = leads[index] ?? [];
    for (const each of lead) variables.follow(each, by);
    const rest = body.slice(lead.length);
    const exported = rest.find(({ own }) => /\b(?:export|declare|typeset)\b/.test(own));
    if (exported !== undefined) return `\`${firstLine(exported.own)}\` ${EXPORTS}`;
    const when: When = { ...base, name, place: ends ? 'last branch' : 'branch' };
    const isLast = last && after.length === 0 && !ends;
    const why = script.under(when, () => readAll(rest, isLast));
    if (why !== undefined) return why;
    inside.push(...rest.flatMap(({ sets }) => sets));
  }
  variables.from(all);
  for (const name of inside) variables.lose(name, `$${name} ${SET_INSIDE}`);
  if (goesOn === undefined) return undefined;
  const here = variables.known();
  const why = script.under({ ...base, name: goesOn, place: 'after' }, () => readAll(after, last));
  variables.from(here);
  for (const name of after.flatMap(({ sets }) => sets)) variables.lose(name, `$${name} ${SET_INSIDE}`);
  return why;
}

/** Why a name of a branch cannot be handed on: where the branch does not run it has no value, and an output makes that an empty one. */
function whyUnset(
  { sets }: Choice,
  { statement, leads }: Pick<At, 'statement'> & { readonly leads: readonly Branch['body'][] },
  script: ScriptParts,
): string | undefined {
  const others = script.text.replace(statement.own, '');
  const names = [...sets, ...leads.flat().flatMap((each) => each.sets)];
  const open = names.filter((name) => !script.variables.sets(name));
  const asked = open.find((name) => new RegExp(`\\$\\{${name}[-+=?]|-v\\s+["']?${name}\\b`).test(others));
  if (asked !== undefined) return `its script asks whether $${asked} is set, which it is in a branch of it`;
  const read = script.isStrict ? open.find((name) => reads(others, name)) : undefined;
  return read && `$${read} is set in a branch of its script, which fails without it by \`set -u\``;
}

const EXPORTS = 'stands in a branch of its script, after a build in it, and exports for programs after that';

/** Whether a statement can fail without ending its script: as the last one of it, it does. */
export function saysNo(statement: ShellStatement | undefined): boolean {
  return statement !== undefined && !statement.simple && /&&|(?:^|\s)!\s/.test(statement.own);
}

export const SET_INSIDE = 'is set in a branch of its script, after a build, a push or a deploy in it';

/** What of a branch the shell runs where it decides: all before the first command of ours. */
function leadOf(body: Branch['body'], isOurs: Reader['isOurs']): readonly ShellStatement[] {
  const first = body.findIndex(isOurs);
  return first < 0 ? body : body.slice(0, first);
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}
