import { replaceExpressions } from '../expressions.ts';
import { composeWords, dockerWords, tagsOrPushes } from './commands.ts';
import { literalOf, startsWith } from './expand.ts';
import type { ShellStatement } from './read-script.ts';
import type { ShellWord } from './read-words.ts';
import { isAssignment, type ScriptVariables } from './variables.ts';

/**
 * What a statement is to a script that becomes steps. `ours` becomes a part of one, `quiet` may be dropped,
 * `output` only writes a file of GitHub, and of any `other` this command knows nothing.
 */
export type Standing = 'ours' | 'quiet' | 'output' | 'other';

export interface Placed {
  readonly statement: ShellStatement;
  readonly standing: Standing;
}

/** Says nothing that another step could miss: it prints, sets options, changes the folder, or names a text. */
export function isQuiet(statement: ShellStatement, variables: ScriptVariables): boolean {
  if (!statement.simple || statement.appendsTo !== undefined) return false;
  if (isAssignment(statement))
    return variables.wasPlain(statement) && statement.assigns.every(({ name }) => !SIGNS_IN.test(name));
  const [name, ...words] = statement.words.map((word) => literalOf(word));
  switch (name) {
    case 'echo':
    case 'printf':
      return words[0] !== '-v' && isOnlyText(statement) && !commandsGitHub(statement);
    case 'set':
      return words.every((word) => word !== undefined && OPTIONS.test(word));
    case 'cd':
      return words.length === 1 && words[0] !== undefined && /^(?![-~/]|$)/.test(words[0]);
    case 'export':
      return (
        words.length > 0 &&
        words.every((word) => word !== undefined && variables.isPlain(word) && !SIGNS_IN.test(word))
      );
    default:
      return name === 'pwd';
  }
}

export function standingOf(statement: ShellStatement, variables: ScriptVariables): Standing {
  if (isQuiet(statement, variables)) return 'quiet';
  const [target] = statement.appendsTo ?? [];
  const toGitHub = target !== undefined && 'variable' in target && /^GITHUB_/.test(target.variable);
  const prints = startsWith(statement, 'echo') && isOnlyText(statement);
  const told = /^::set-output /.test(literalStart(statement.words[1]));
  return prints && (toGitHub || told) ? 'output' : 'other';
}

/** Options that a script has by GitHub, or that only make it stricter or louder. */
const OPTIONS = /^(?:-[euxo]+|\+x|pipefail|errexit|nounset|xtrace)$/;
/** Names that decide who asks AWS, or how docker builds. BuildKit builds in any case. */
const SIGNS_IN = /^(?!DOCKER_BUILDKIT$)(?:(?:AWS|DOCKER|BUILDX|BUILDKIT)_\w+|HOME)$/;
const SETS_SIGN_IN =
  /(?<![\w$]|\$\{[#!]?)(?!DOCKER_BUILDKIT\b)(?:(?:AWS|DOCKER|BUILDX|BUILDKIT)_[A-Z]\w*|HOME)\b(?=\s*[+]?=|[\s;]|$)/;
const SETS_UNKNOWN =
  /\b(?:export|declare|typeset|local|readonly|read|mapfile|readarray|printf\s+-v)\s+(?:-\w+\s+)*["']?[$`<]/;
/** What another shell does not know, or knows otherwise: `$$`, `$!`, `$_`, how long it runs, a name that only it says. */
const OF_ONE_SHELL = /\$(?:[$!]|_(?!\w)|\{(?:[$!_]\}|!\w))|\$\{?(?:SECONDS|BASHPID|OPTIND|DIRSTACK)\b/;
/** Commands about what runs beside a script. */
const ABOUT_JOBS = ['wait', 'jobs', 'fg', 'bg', 'disown'];
const USES_IMAGE =
  /\bdocker\s+(?:-|(?:run|save|exec|create|compose|inspect|scout|rmi|history|scan|sbom|image)\b)|\bdocker-compose\b|\b(?:trivy|grype|dockle|snyk)\b/;

/** Whether a shell runs nothing and sets nothing to print it. */
function isOnlyText({ words, assigns }: ShellStatement): boolean {
  return [...words, ...assigns.map(({ value }) => value)].every((word) =>
    word.every((piece) => !('only' in piece) || /^\$\{\w+(?:::?\d+|[#%/][^$`=?]*)*\}$/.test(piece.only)),
  );
}

/** `::add-mask::` and the like. Groups only fold the log. */
function commandsGitHub({ words }: ShellStatement): boolean {
  return words.some((word) =>
    /::/.test(
      word
        .map((piece) => ('literal' in piece ? piece.literal : ''))
        .join('')
        .replace(/::(?:end)?group::/g, ''),
    ),
  );
}

function literalStart(word: ShellWord | undefined): string {
  const [first] = word ?? [];
  return first && 'literal' in first ? first.literal : '';
}

/** What becomes steps: where each begins and ends in the script, and whether the images stay in the runner's Docker. */
interface Steps {
  readonly spans: readonly (readonly [from: number, to: number])[];
  readonly loads: boolean;
  /** Whether every command of docker stays a command. */
  readonly onlyDeploys: boolean;
}

/** Why a script cannot become steps. */
export function whyWhole(
  placed: readonly Placed[],
  { spans, loads, onlyDeploys }: Steps,
): string | undefined {
  const first = Math.min(...spans.map(([from]) => from));
  const last = Math.max(...spans.map(([, to]) => to));
  const whys = placed.map(({ statement, standing }, index) => {
    if (standing === 'ours' || standing === 'quiet') return undefined;
    const said = `\`${firstLine(statement)}\``;
    if (!loads && !onlyDeploys && index > first && USES_IMAGE.test(statement.own))
      return `its script uses the image on the runner: ${said}`;
    if (index < last && /GITHUB_(?:ENV|PATH)\b/.test(statement.own))
      return `${said} of its script would count for the new steps already`;
    if (SETS_SIGN_IN.test(replaceExpressions(statement.own, () => 'VALUE')))
      return `${said} of its script changes the sign-in or docker's settings, which a new step does not see`;
    if (index > first && OF_ONE_SHELL.test(statement.own))
      return `${said} of its script reads what only the shell before the new steps knows`;
    const runsBeside = placed.slice(0, index).find((each) => isBeside(each.statement));
    if (index > first && runsBeside && statement.runs.some(([name = '']) => ABOUT_JOBS.includes(name)))
      return `${said} of its script is about \`${firstLine(runsBeside.statement)}\`, which another shell would have started`;
    if (standing === 'output') return undefined;
    const names = loads && tagsOrPushes(statement);
    const stays = onlyDeploys && (dockerWords(statement) ?? composeWords(statement)) !== undefined;
    if (!names && !stays && (statement.list === 'part' || statement.list === 'end'))
      return `${said} is joined by \`&&\` to a command that would become a step`;
    // What comes last is one script, and means there what it meant.
    if (index > last || names) return undefined;
    const between = spans.some(([from, to]) => from < index && index < to);
    return (
      whyShell(statement, said) ??
      (between ? `${said} stands between commands of its script that would become one step` : undefined)
    );
  });
  return whys.find((why) => why !== undefined) ?? whyExported(placed);
}

/** Whether something goes on while the script does: `COMMAND &`. */
function isBeside({ own }: ShellStatement): boolean {
  return /(?<![&><|])&(?![&><])/.test(own);
}

function firstLine({ own }: ShellStatement): string {
  return own.split('\n')[0] ?? '';
}

function whyShell(statement: ShellStatement, said: string): string | undefined {
  const [act] = statement.acts;
  if (act !== undefined) return `${said} of its script has \`${act}\`, which acts on the whole script`;
  if (SETS_UNKNOWN.test(statement.own)) return `this file does not say which name ${said} of its script sets`;
  const [command] = statement.words;
  const name = command && literalOf(command);
  const known = command === undefined || (name !== undefined && !name.includes('${{'));
  return known ? undefined : `this file does not say what ${said} of its script runs`;
}

/** What is exported for programs, a later part of the script would not have. A plain text is written again. */
function whyExported(placed: readonly Placed[]): string | undefined {
  const exports = placed.find(({ statement, standing }, index) => {
    if (standing !== 'other' || !/\b(?:export|declare|typeset)\b/.test(statement.own)) return false;
    const next = placed.findIndex((each, at) => at > index && each.standing === 'ours');
    return next >= 0 && placed.slice(next + 1).some((each) => each.standing === 'other');
  });
  return (
    exports &&
    `\`${firstLine(exports.statement)}\` of its script exports for commands after its builds and deploys`
  );
}
