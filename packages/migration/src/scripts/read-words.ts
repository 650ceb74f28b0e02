import type { Assignment, Word, WordPart } from 'unbash';
import { hasExpression } from '../expressions.ts';

/** A word of a script in pieces. What `splits` is not in quotes: the shell makes several words of it where it has blanks. */
export type ShellPiece =
  | { readonly literal: string; readonly splits?: boolean }
  /** `$NAME` or `${NAME}`. */
  | { readonly variable: string; readonly splits: boolean }
  /** `"${NAME[@]}"`: each of its elements is a word. */
  | { readonly elements: string }
  /** What only a shell can say, such as `$(date)`. */
  | { readonly only: string };

export type ShellWord = readonly ShellPiece[];

/** Private characters in place of an expression, so that the shell's parser sees one word. */
export const [FIRST, MORE] = ['\uE001', '\uE000'];

export interface Source {
  readonly script: string;
  readonly masked: string;
}

/** What a name gets: a text, or the elements of a list. */
export interface Assigned {
  readonly name: string;
  readonly value: ShellWord;
  readonly elements?: readonly ShellWord[];
}

/** `NAME=VALUE`, `NAME+=VALUE`, `NAME=(…)`. */
export function assignedBy(each: Assignment, source: Source): Assigned {
  const { name, value, append = false, index } = each;
  const before: ShellWord = append ? [{ variable: name, splits: false }] : [];
  if (index !== undefined) return { name, value: [{ only: textAt(each, source) }] };
  if (value?.type !== 'ArrayValue')
    return { name, value: [...before, ...(value ? wordIn(value, source) : [])] };
  const elements = value.elements.map((element) => wordIn(element, source));
  const all = append ? [[{ elements: name }], ...elements] : elements;
  return { name, value: [{ only: textAt(each, source) }], elements: all };
}

export function wordIn(word: Word, source: Source): ShellWord {
  const parts = word.parts ?? [];
  if (parts.length === 0) return bare(word.value, word, source);
  return parts.flatMap((part) => pieceOf(part, source, true));
}

function pieceOf(part: WordPart, source: Source, splits: boolean): readonly ShellPiece[] {
  switch (part.type) {
    case 'Literal':
      return splits ? bare(part.value, part, source) : [{ literal: unmask(part.value, part, source) }];
    case 'SingleQuoted':
      return [{ literal: unmask(part.value, part, source) }];
    case 'DoubleQuoted':
      return part.parts.flatMap((each) => pieceOf(each as WordPart, source, false));
    case 'SimpleExpansion':
      return [
        /^\$[A-Za-z_]\w*$/.test(part.text) ? { variable: part.text.slice(1), splits } : { only: part.text },
      ];
    case 'ParameterExpansion': {
      const named = /^[A-Za-z_]\w*$/.test(part.parameter);
      if (named && part.text === `\${${part.parameter}}`) return [{ variable: part.parameter, splits }];
      if (named && !splits && part.text === `\${${part.parameter}[@]}`) return [{ elements: part.parameter }];
      return [{ only: textAt(part, source) }];
    }
    default:
      return [{ only: textAt(part, source) }];
  }
}

/** A text without quotes: `~` in it is a folder, and what an expression puts into it may be several words. */
function bare(value: string, at: { pos: number; end: number }, source: Source): ShellWord {
  const text = unmask(value, at, source);
  if (/(?:^|[=:])~/.test(source.masked.slice(at.pos, at.end))) return [{ only: textAt(at, source) }];
  return [{ literal: text, ...(hasExpression(text) && { splits: true }) }];
}

export const textAt = ({ pos, end }: { pos: number; end: number }, { script }: Source) =>
  script.slice(pos, end);

/** Puts back the expressions of this part of the source, in their order. */
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
