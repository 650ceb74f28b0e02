import {
  type AndOr,
  type Command,
  type CompoundList,
  forEachChild,
  type PipelineNode,
  type Redirection,
  type SyntaxNode,
} from 'unbash';

/** What changes the shell itself, or ends it. */
const OF_THE_SHELL = [
  ...['exit', 'return', 'exec', 'trap', 'source', '.', 'eval', 'alias', 'shopt', 'unset', 'set'],
  ...['cd', 'pushd', 'popd', 'break', 'continue', 'shift', 'umask', 'ulimit'],
];
const LOOPS = ['For', 'ArithmeticFor', 'While', 'Select'];
const OF_A_LOOP = ['break', 'continue'];
/** What has a shell of its own, which cannot change the one around it. */
const APART = ['Subshell', 'CommandExpansion', 'ProcessSubstitution', 'Coproc'];
/** Commands that set the names that they are given. */
const SETTERS = ['read', 'mapfile', 'readarray', 'getopts', 'printf', 'local', 'declare', 'typeset', 'let'];
const NAME = /^[A-Za-z_]\w*/;

/** Commands of a statement that act on the shell around it. `exit 1` is not one of them: it is a command that fails. */
export function actsIn(node: SyntaxNode): readonly string[] {
  if (APART.includes(node.type) || (node.type === 'Pipeline' && node.commands.length > 1)) return [];
  if (node.type === 'Statement' && node.background) return [];
  if (node.type === 'Function') return ['()'];
  const own = node.type === 'Command' ? actOf(node) : [];
  const inner = childrenOf(node).flatMap(actsIn);
  return [...own, ...(LOOPS.includes(node.type) ? inner.filter((act) => !OF_A_LOOP.includes(act)) : inner)];
}

function actOf(command: Command): readonly string[] {
  const words = wordsOf(command).filter((word) => word !== 'command' && word !== 'builtin');
  const [name = '', status = ''] = words;
  if (name === 'exit' && /^0*[1-9]\d{0,2}$/.test(status) && Number(status) % 256 !== 0) return [];
  // `declare -n` gives a name to what another name has.
  const refers = ['declare', 'local', 'typeset'].includes(name) && words.some((word) => /^-\w*n/.test(word));
  return refers ? [`${name} -n`] : OF_THE_SHELL.includes(name) ? [name] : [];
}

/** Every name that a statement may set, also inside of conditions, loops and expansions. */
export function namesIn(node: SyntaxNode): readonly string[] {
  const inner = childrenOf(node).flatMap(namesIn);
  if (node.type === 'Assignment') return [node.name, ...inner];
  if (node.type === 'For' || node.type === 'Select') return [node.name.value, ...inner];
  if (node.type === 'ArithmeticCommand')
    return [...(COUNTS.test(node.body) ? textNames(node.body) : []), ...inner];
  if (node.type === 'ArithmeticWord') return [...textNames(node.value), ...inner];
  if (node.type === 'TestBinary' && node.operator === '=~') return ['BASH_REMATCH', ...inner];
  if (node.type === 'ParameterExpansion' && node.operation?.type === 'Default')
    return /=$/.test(node.operation.operator) ? [node.parameter, ...inner] : inner;
  if (node.type !== 'Command') return inner;
  const [name = '', ...words] = wordsOf(node);
  if (name === '') return inner;
  const before: readonly SyntaxNode[] = node.prefix;
  const others = childrenOf(node).flatMap((each) =>
    before.includes(each) ? lastingNames(each) : namesIn(each),
  );
  return [...namesGiven(name, words), ...others];
}

/** `NAME=VALUE` before a command is for that command alone. */
function lastingNames(node: SyntaxNode): readonly string[] {
  return node.type === 'Assignment' ? childrenOf(node).flatMap(namesIn) : namesIn(node);
}

/** Names that `read`, `printf -v` and the like set, and those of `export NAME=VALUE`. */
function namesGiven(name: string, words: readonly string[]): readonly string[] {
  const given = SETTERS.includes(name) ? words : words.filter((word) => /^[A-Za-z_]\w*\+?=/.test(word));
  return [...(OF_THEMSELVES[name] ?? []), ...given.flatMap((word) => NAME.exec(word)?.[0] ?? [])];
}

/** Names that a command sets where it is given none, or always. */
const OF_THEMSELVES: Readonly<Record<string, readonly string[]>> = {
  read: ['REPLY'],
  mapfile: ['MAPFILE'],
  readarray: ['MAPFILE'],
  getopts: ['OPTARG', 'OPTIND'],
};
/** What sets a name in arithmetic. A comparison does not. */
const COUNTS = /(?<![=!<>])=(?!=)|<<=|>>=|\+\+|--/;

function textNames(text: string): readonly string[] {
  return text.match(/[A-Za-z_]\w*/g) ?? [];
}

/** The words of every command in it, also of those that only give a value: `$(git describe)`. */
export function commandsIn(node: SyntaxNode): readonly (readonly string[])[] {
  const own = node.type === 'Command' ? [wordsOf(node)] : [];
  // A file that is read is one that is shown.
  const file = node.type === 'Redirect' && /^<[>&]?$/.test(node.operator) ? node.target : undefined;
  const shown = file && !runs(file) && file.text !== '/dev/null' ? [['cat', file.text]] : [];
  return [...own.filter(([name]) => name !== ''), ...shown, ...childrenOf(node).flatMap(commandsIn)];
}

/** Whether it makes another value of one: by a command, or as `${NAME#…}`. */
export function transformsIn(node: SyntaxNode): boolean {
  if (node.type === 'CommandExpansion' || node.type === 'ProcessSubstitution') return true;
  if (node.type === 'ParameterExpansion' && node.operation && node.operation.type !== 'Default') return true;
  return childrenOf(node).some(transformsIn);
}

/** Where a statement only prints: `echo` and `printf` that write to the log or a file of GitHub's, and run nothing. */
export function printsIn(node: SyntaxNode): readonly (readonly [from: number, to: number])[] {
  if (APART.includes(node.type) || (node.type === 'Pipeline' && node.commands.length > 1)) return [];
  if (node.type !== 'Command') return childrenOf(node).flatMap(printsIn);
  const [name, first] = wordsOf(node);
  const prints = name === 'echo' || (name === 'printf' && first !== '-v');
  return prints && node.redirects.every(isSeen) && !runs(node) ? [[node.pos, node.end]] : [];
}

function isSeen(redirect: Redirection): boolean {
  const target = 'target' in redirect ? redirect.target?.text : undefined;
  return (
    redirect.operator === '>&' ||
    (redirect.operator === '>>' && /^"?\$\{?GITHUB_\w+\}?"?$/.test(target ?? ''))
  );
}

function runs(node: SyntaxNode): boolean {
  return APART.includes(node.type) || childrenOf(node).some(runs);
}

/** Commands that may be ours, or that say nothing: a list of such alone is taken apart. */
const OURS_OR_QUIET = ['docker', 'docker-compose', 'aws', 'echo', 'printf', 'cd', 'set', 'export', 'pwd'];

export function isPlain(node: PipelineNode): boolean {
  return (
    node.type === 'Command' && (node.name === undefined || OURS_OR_QUIET.includes(node.name.value ?? ''))
  );
}

/** The words of a command, as far as they are words. */
export function wordsOf({ name, args }: Command): readonly string[] {
  return [name, ...args].map((word) => (word?.type === 'Word' ? word.value : ''));
}

function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  forEachChild(node, (child) => {
    children.push(child);
  });
  return children;
}

/** Programs that show what another one has printed. */
const SHOW = ['jq', 'cat', 'head', 'tail'];

/** What a command is besides what is shown of it, and what its failure does: `COMMAND || exit 1`, `if ! COMMAND; then echo …; exit 1; fi`, as `-e` ends a script too. */
export function withoutEnding(node: AndOr | PipelineNode): PipelineNode | undefined {
  if (node.type === 'AndOr') {
    const [command, otherwise, ...more] = node.commands;
    const ends = more.length === 0 && node.operators[0] === '||' && otherwise && endsBadly(otherwise);
    return ends ? command : undefined;
  }
  if (node.type === 'Pipeline') {
    const [command, printer, ...more] = node.commands;
    const shows = printer?.type === 'Command' && SHOW.includes(wordsOf(printer)[0] ?? '');
    const ours = command?.type === 'Command' && ['docker', 'aws'].includes(wordsOf(command)[0] ?? '');
    const alone = more.length + node.prefixes.length === 0;
    return ours && shows && alone && printer.redirects.length === 0 ? command : undefined;
  }
  if (node.type !== 'If' || node.elif.length > 0 || node.else !== undefined) return undefined;
  const [asked, ...others] = node.clause.commands;
  const command = asked?.command;
  if (command?.type !== 'Pipeline' || others.length > 0 || command.commands.length !== 1) return undefined;
  const negated = command.prefixes.length === 1 && command.prefixes[0]?.type === 'Negation';
  return negated && endsBadly(node.then) ? command.commands[0] : undefined;
}

/** Whether it prints at most, and ends the script as a failure. */
function endsBadly(node: PipelineNode | CompoundList): boolean {
  if (node.type === 'BraceGroup') return endsBadly(node.body);
  if (node.type === 'Command') return wordsOf(node)[0] === 'exit' && actOf(node).length === 0;
  if (node.type !== 'CompoundList') return false;
  const commands = node.commands.map(({ command, background }) => (background ? undefined : command));
  const last = commands.at(-1);
  if (last?.type !== 'Command' || !endsBadly(last)) return false;
  return commands.slice(0, -1).every((each) => each?.type === 'Command' && printsIn(each).length > 0);
}
