import {
  type Command,
  type CommandNode,
  forEachChild,
  type PipelineNode,
  parse,
  type Redirection,
  type Statement,
  type SyntaxNode,
  type Word,
  type WordPart,
} from 'unbash';
import { replaceExpressions } from '../expressions.ts';

/** A word of a script in pieces. */
export type ShellPiece =
  | { readonly literal: string }
  /** `$NAME` or `${NAME}`. */
  | { readonly variable: string }
  /** What only a shell can say, such as `$(date)`. */
  | { readonly only: string };

export type ShellWord = readonly ShellPiece[];

/** One command of a script at its top level, with its source. */
export interface ShellStatement {
  /** Source, with the comments and empty lines before it. */
  readonly source: string;
  /** The source without what is before it. */
  readonly own: string;
  /** The words of a simple command that only writes where it says. */
  readonly words: readonly ShellWord[];
  readonly assigns: readonly { readonly name: string; readonly value: ShellWord }[];
  /** Where `>> FILE` writes. */
  readonly appendsTo: ShellWord | undefined;
  /** Whether it is a simple command: no pipeline, no condition, no loop, no other redirection. */
  readonly simple: boolean;
}

/** Private characters in place of an expression, so that the shell's parser sees one word. */
const [FIRST, MORE] = ['\uE001', '\uE000'];

export function readScript(script: string): readonly ShellStatement[] | string {
  const masked = replaceExpressions(script, (found) => FIRST + MORE.repeat(found.length - 1));
  const read = parse(masked);
  if ((read.errors ?? []).length > 0) return 'its script is not one that bash would read';
  const commands = read.commands.flatMap(inOrder);
  const source = { script, masked };
  const ends = commands.map((node) => lastOf(node));
  return commands.map((node, index) => {
    const end = index === commands.length - 1 ? script.trimEnd().length : (ends[index] ?? node.end);
    return statementOf(node, [ends[index - 1] ?? 0, Math.max(end, node.end)], source);
  });
}

/** Where a command ends, with the lines that it reads below itself. */
function lastOf(node: SyntaxNode): number {
  let end = node.type === 'HereDoc' ? (node.closing?.end ?? node.body.end) : node.end;
  forEachChild(node, (child) => {
    end = Math.max(end, lastOf(child));
  });
  return end;
}

interface Source {
  readonly script: string;
  readonly masked: string;
}

/** A statement of the list, or each part of `a && b`: with `-e`, as GitHub runs a script, both stop at the first failure. */
function inOrder({ command, ...of }: Statement): readonly (CommandNode | PipelineNode | Statement)[] {
  const whole = { command, ...of } as Statement;
  if ('background' in of && of.background) return [whole];
  if (command.type === 'AndOr' && command.operators.every((operator) => operator === '&&'))
    return command.commands;
  return command.type === 'AndOr' ? [whole] : [command];
}

function statementOf(
  node: CommandNode | PipelineNode | Statement,
  [after, end]: readonly [number, number],
  source: Source,
): ShellStatement {
  const place = {
    source: source.script.slice(after, end).replace(/^[ \t]*(?:&&|;)?[ \t]*\\?\n?/, ''),
    own: source.script.slice(node.pos, node.end),
  };
  if (node.type !== 'Command')
    return { ...place, words: [], assigns: [], appendsTo: undefined, simple: false };
  const appended = node.redirects.find(({ operator }) => operator === '>>');
  const others = node.redirects.filter((redirect) => redirect !== appended && !isSilence(redirect));
  return {
    ...place,
    words: wordsOf(node).map((word) => piecesOf(word, source)),
    assigns: node.prefix.flatMap((each) =>
      each.type === 'Assignment' && each.name !== undefined
        ? [
            {
              name: each.name,
              value: each.value && each.value.type === 'Word' ? piecesOf(each.value, source) : [],
            },
          ]
        : [],
    ),
    appendsTo: appended && targetOf(appended, source),
    simple: others.length === 0,
  };
}

function wordsOf(command: Command): readonly Word[] {
  const args = command.args.filter((each) => each.type === 'Word');
  return command.name ? [command.name, ...args] : args;
}

/** `> /dev/null` and `2>&1` change only what is printed. */
function isSilence(redirect: Redirection): boolean {
  if (redirect.operator === '>&') return true;
  return 'target' in redirect && redirect.operator === '>' && redirect.target?.text === '/dev/null';
}

function targetOf(redirect: Redirection, source: Source): ShellWord {
  return 'target' in redirect && redirect.target?.type === 'Word' ? piecesOf(redirect.target, source) : [];
}

function piecesOf(word: Word, source: Source): ShellWord {
  const parts = word.parts ?? [];
  if (parts.length === 0) return [{ literal: unmask(word.value, word, source) }];
  return parts.flatMap((part) => pieceOf(part, source));
}

function pieceOf(part: WordPart, source: Source): readonly ShellPiece[] {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
      return [{ literal: unmask(part.value, part, source) }];
    case 'DoubleQuoted':
      return part.parts.flatMap((each) => pieceOf(each as WordPart, source));
    case 'SimpleExpansion':
      return [/^\$[A-Za-z_]\w*$/.test(part.text) ? { variable: part.text.slice(1) } : { only: part.text }];
    case 'ParameterExpansion': {
      const plain = part.text === `\${${part.parameter}}` && /^[A-Za-z_]\w*$/.test(part.parameter);
      return [plain ? { variable: part.parameter } : { only: textAt(part, source) }];
    }
    default:
      return [{ only: textAt(part, source) }];
  }
}

const textAt = ({ pos, end }: { pos: number; end: number }, { script }: Source) => script.slice(pos, end);

/** Puts the expressions back that stand in this part of the source, in their order. */
function unmask(
  value: string,
  { pos, end }: { pos: number; end: number },
  { script, masked }: Source,
): string {
  const expressions: string[] = [];
  for (const found of masked.slice(pos, end).matchAll(new RegExp(`${FIRST}${MORE}*`, 'g')))
    expressions.push(script.slice(pos + found.index, pos + found.index + found[0].length));
  return value.replace(new RegExp(`${FIRST}${MORE}*`, 'g'), () => expressions.shift() ?? '');
}
