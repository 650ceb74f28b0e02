import { flagIn, takesValue } from '../build/read-docker-build.ts';
import { hasExpression, piecesOf } from '../expressions.ts';
import { literalOf, type Variables } from './expand.ts';
import type { ShellStatement } from './read-script.ts';
import type { ShellPiece, ShellWord } from './read-words.ts';

/**
 * A word of `docker build` such as `$ARGS`: only the shell knows how many options it holds. The shell is asked when the job
 * runs, and hands on each kind of option as one value.
 */
export interface OpenOptions {
  /** Place of the word. */
  readonly at: number;
  /** The words that it makes, as the script writes them. */
  readonly text: string;
  readonly kinds: readonly string[];
}

/** The words that hold options, and not the folder that `docker build` is given. */
export function openOptionsIn(
  words: readonly ShellWord[],
  script: string,
  variables: Variables,
): readonly OpenOptions[] {
  const [open, given]: [number[], string[]] = [[], []];
  let folders = 0;
  for (let at = 0; at < words.length; at += 1) {
    const text = literalOf(words[at]);
    const option = text?.startsWith('-') === true && !hasExpression(text) ? text : undefined;
    if (option !== undefined) {
      given.push(option.split('=')[0] ?? '');
      const next = words[at + 1];
      const many = option === '--build-arg' && next !== undefined && openText(next, variables) !== undefined;
      if (many) open.push(at + 1);
      if (takesValue(option)) at += 1;
    } else if (words[at] !== undefined && openText(words[at] ?? [], variables) !== undefined) open.push(at);
    else folders += 1;
  }
  const behind = (at: number) => literalOf(words[at - 1]) === '--build-arg';
  const loose = open.filter((at) => !behind(at));
  const sure = folders > 0 ? loose : loose.filter((at) => saysOptions(words[at] ?? [], script));
  if (folders + loose.length - sure.length !== 1) return [];
  return open
    .filter((at) => behind(at) || sure.includes(at))
    .filter((at) => saidIn(words[at] ?? [], script).every((each) => KINDS.includes(each)))
    .map((at) => {
      const text = openText(words[at] ?? [], variables) ?? '';
      const said = saidIn(words[at] ?? [], script);
      const all = said.length > 0 ? [...new Set([...(behind(at) ? ['--build-arg'] : []), ...said])] : ANY;
      return {
        at,
        text: behind(at) ? `--build-arg ${text}` : text,
        kinds: all.filter((each) => REPEATED.includes(each) || !given.includes(each)),
      };
    });
}

/** What a text of any number of options is read for, where the script does not say which it may have. */
const ANY = ['--build-arg', '--label', '--target', '--no-cache', '--pull'];
const KINDS = [...ANY, '--cache-from', '--cache-to'];
/** Options that docker takes any number of times. */
const REPEATED = ['--build-arg', '--label', '--cache-from', '--cache-to'];

/** Options that the text may hold too, and that are not read from it. */
const OF_DOCKER = [
  ...[
    ...KINDS,
    '--platform',
    '--tag',
    '-t',
    '--file',
    '-f',
    '--secret',
    '--ssh',
    '--push',
    '--load',
    '--output',
  ],
  ...['--add-host', '--network', '--build-context', '--annotation', '--squash', '--shm-size', '--ulimit'],
  ...['--allow', '--cgroup-parent', '--iidfile', '--metadata-file', '--builder', '--provenance', '--sbom'],
];

/** The options that the script puts into it. */
function saidIn([piece]: readonly ShellPiece[], script: string): readonly string[] {
  const name = piece && nameIn(piece);
  if (name === undefined) return [];
  const values = script.split('\n').flatMap((line) => line.split(new RegExp(`\\b${name}\\+?=`)).slice(1));
  const ends = values.map((value) => value.split(/;|&&|\|\|/)[0] ?? '');
  const words = ends.flatMap((value) => [...value.matchAll(/(?<=^|[\s"'(=])--?[a-z][a-z-]*/g)]);
  const options = words.filter(([word]) => OF_DOCKER.includes(word));
  return [...new Set(options.map(([option]) => option))];
}

function nameIn(piece: ShellPiece): string | undefined {
  if ('elements' in piece) return piece.elements;
  if ('variable' in piece) return piece.variable;
  return 'only' in piece ? /^\$\{(\w+)\[/.exec(piece.only)?.[1] : undefined;
}

/** The text of a word that may be several, as a shell reads it. */
function openText(word: ShellWord, variables: Variables): string | undefined {
  const [piece, ...more] = word;
  if (piece === undefined || more.length > 0) return undefined;
  if ('elements' in piece)
    return variables.elementsOf?.(piece.elements) ? undefined : `"\${${piece.elements}[@]}"`;
  if ('only' in piece) return /^\$\{\w+\[[@*]\]\}$/.test(piece.only) ? piece.only : undefined;
  if (piece.splits !== true) return undefined;
  if ('literal' in piece) return isOnlyExpression(piece.literal) ? piece.literal : undefined;
  const value = variables.of(piece.variable);
  const text = 'text' in value ? (variables.resolve?.(value.text) ?? value.text) : '';
  return 'handedOn' in value || isOnlyExpression(text) ? `$${piece.variable}` : undefined;
}

function isOnlyExpression(text: string): boolean {
  const pieces = piecesOf(text);
  return pieces.length === 1 && 'expression' in (pieces[0] ?? {});
}

/** Whether the script puts options into it, or its name says so. The step that reads them stops at anything else. */
function saysOptions([piece]: readonly ShellPiece[], script: string): boolean {
  if (piece === undefined) return false;
  if ('literal' in piece) return /(?:args|options|flags)\b/i.test(piece.literal);
  const name = nameIn(piece);
  return new RegExp(`\\b${name}\\+?=[("' ]*(?:\\$\\{?${name}\\}?["' ]*)?-`).test(script);
}

/** The name under which a kind of option is handed on. */
export function nameOf(number: number, kind: string): string {
  return `OPTIONS_${number}_${kind.replace(/^--/, '').replaceAll('-', '_').toUpperCase()}`;
}

/** Lines of the shell that read the options of a word. */
export function optionsRead({ text, kinds }: OpenOptions, number: number): ShellStatement {
  const names = kinds.map((kind) => nameOf(number, kind));
  const valued = kinds.filter((kind) => !flagIn(kind));
  const cases = kinds.map((kind, index) => caseOf(kind, names[index] ?? ''));
  const own = [
    `# What ${text.includes('${{') ? 'the expression' : text} has, for the inputs of the step below.`,
    `${names.map((name) => `${name}=`).join(' ')} BUILD_OPTION=`,
    `for BUILD_WORD in ${text}; do`,
    '  BUILD_WORD="$BUILD_OPTION$BUILD_WORD" BUILD_OPTION=',
    '  case "$BUILD_WORD" in',
    `    *$'\\n'* | *' ') echo "::error::No input can say \${BUILD_WORD%%=*}"; exit 1 ;;`,
    ...(valued.length > 0 ? [`    ${valued.join(' | ')}) BUILD_OPTION="$BUILD_WORD=" ;;`] : []),
    ...cases,
    `    *) echo "::error::build-and-scan-image has nothing for \${BUILD_WORD%%=*}"; exit 1 ;;`,
    '  esac',
    'done',
    'if [ -n "$BUILD_OPTION" ]; then echo "::error::$BUILD_OPTION has no value"; exit 1; fi',
  ].join('\n');
  return {
    ...{ source: own, own, does: '', words: [], assigns: [], sets: names, acts: [] },
    ...{ runs: [], transforms: false, appendsTo: undefined, simple: false, list: undefined, loop: undefined },
    ...{ form: 'For', choice: undefined },
  };
}

function caseOf(kind: string, name: string): string {
  if (flagIn(kind)) return `    ${kind}) ${name}=true ;;`;
  if (!REPEATED.includes(kind)) return `    ${kind}=*) ${name}="\${BUILD_WORD#*=}" ;;`;
  const pair = ['--build-arg', '--label'].includes(kind) ? '=*=*' : '=*';
  return `    ${kind}${pair}) ${name}+="\${BUILD_WORD#*=}"$'\\n' ;;`;
}
