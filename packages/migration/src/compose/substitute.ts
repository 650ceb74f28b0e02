import { piecesOf } from '../expressions.ts';
import type { Expanded } from '../scripts/expand.ts';
import { namesOf, type Template, type TemplateName } from './template.ts';

/** What Compose finds under a name when it runs. */
export type Value =
  /** A text, which may have expressions. `empty` is left out where only the run can say it. The shell has it too, unless it is of the command alone. */
  | { readonly kind: 'text'; readonly text: string; readonly empty?: boolean; readonly ofCommand?: true }
  /** Only the shell can say whether there is one; if there is none, a file of variables has this. */
  | { readonly kind: 'shell'; readonly otherwise?: string }
  | { readonly kind: 'unknown'; readonly why: string };

/** The environment of a compose command. */
export interface Environment {
  of(name: string): Value;
  /** What a shell makes of a text at this place, such as `${TAG:-latest}`; `names` are in it. */
  ask(text: string, names: readonly string[]): Expanded;
}

/** A text with its names put in, as far as the file says them. What only the shell knows, the shell is asked for. */
export function substituted(template: Template, environment: Environment): Expanded {
  let text = '';
  for (const part of template) {
    const found = 'literal' in part ? { text: part.literal } : ofName(part, environment);
    if ('why' in found) return found;
    // A dollar and two braces would become an expression.
    if (text.endsWith('$') && found.text.startsWith('{'))
      return { why: `\`${text}${found.text}\` has the text of an expression` };
    text += found.text;
  }
  return { text };
}

function ofName(part: TemplateName, environment: Environment): Expanded {
  const value = environment.of(part.name);
  if (value.kind === 'unknown') return { why: value.why };
  if (value.kind === 'shell') return asked(part, value.otherwise, environment);
  const { text, empty } = value;
  const word = () => substituted(part.word, environment);
  switch (part.operator) {
    case '':
    case '-':
    case '?':
      return { text };
    case '+':
      return word();
    case ':-':
      if (empty === undefined) return otherwise(part, text, environment);
      return empty ? word() : { text };
    case ':+':
      if (empty === undefined) return asked(part, undefined, environment);
      return empty ? { text: '' } : word();
    case ':?':
      if (empty === false) return { text };
      return empty ? { why: `\`\${${part.name}:?…}\` is empty` } : asked(part, undefined, environment);
  }
}

/** `${NAME:-WORD}` where the run alone says whether the name is empty: `env` of GitHub has texts, and an empty one counts as none. */
function otherwise(part: TemplateName, text: string, environment: Environment): Expanded {
  const [piece, ...more] = piecesOf(text);
  const word = substituted(part.word, environment);
  const own = piece && 'expression' in piece && more.length === 0 ? piece.expression : '';
  if (/^env\.\w+$/.test(own) && 'text' in word && !word.text.includes('${{'))
    return { text: `\${{ ${own} || '${word.text.replaceAll("'", "''")}' }}` };
  return asked(part, undefined, environment);
}

function asked(part: TemplateName, fallback: string | undefined, environment: Environment): Expanded {
  const names = namesOf([part]);
  const alone = names.some((name) => ofCommand(environment.of(name)));
  const text = alone ? undefined : inShell(part, fallback, environment);
  return text === undefined
    ? { why: `this file does not say what Compose makes of \${${part.name}${part.operator}…}` }
    : environment.ask(text, names);
}

function ofCommand(value: Value): boolean {
  return value.kind === 'text' && value.ofCommand === true;
}

/** The same as a shell reads it. */
function inShell(
  { name, operator, word }: TemplateName,
  fallback: string | undefined,
  environment: Environment,
): string | undefined {
  const parts = word.map((each) => {
    if ('literal' in each) return quoted(each.literal);
    const value = environment.of(each.name);
    if (value.kind === 'unknown') return undefined;
    return inShell(each, value.kind === 'shell' ? value.otherwise : undefined, environment);
  });
  if (parts.includes(undefined)) return undefined;
  const all = parts.join('');
  if (fallback === undefined) return operator === '' ? `\${${name}-}` : `\${${name}${operator}${all}}`;
  // The file counts where the shell has no such name, and the word where it has an empty one.
  const ofFile = `\${${name}-${quoted(fallback)}}`;
  if (['', '-', '?'].includes(operator)) return ofFile;
  if (operator !== ':-') return undefined;
  return fallback === '' ? `\${${name}:-${all}}` : `\${${name}:-\${${name}+${all}}${ofFile}}`;
}

function quoted(text: string): string {
  return /^[\w./:@,=+-]*$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
