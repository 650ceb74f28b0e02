/** A text of a compose file: what is written, and names whose values Compose puts in. */
export type Template = readonly (TemplateText | TemplateName)[];

interface TemplateText {
  readonly literal: string;
}

/** `$NAME`, `${NAME}`, or `${NAME:-WORD}` with one of six operators. */
export interface TemplateName {
  readonly name: string;
  readonly operator: '' | ':-' | '-' | ':?' | '?' | ':+' | '+';
  readonly word: Template;
}

const NAME = /^[A-Za-z_]\w*/;

/** A text as Compose reads it, or why Compose refuses it, or its versions differ. */
export function templateOf(text: string): Template | { readonly why: string } {
  const parts: (TemplateText | TemplateName)[] = [];
  let at = 0;
  while (at < text.length) {
    const dollar = text.indexOf('$', at);
    const until = dollar < 0 ? text.length : dollar;
    if (until > at) parts.push({ literal: text.slice(at, until) });
    if (dollar < 0) break;
    const found = afterDollar(text, dollar);
    if ('why' in found) return found;
    parts.push(found.part);
    at = found.end;
  }
  return parts;
}

type Found = { readonly part: TemplateText | TemplateName; readonly end: number } | { readonly why: string };

function afterDollar(text: string, dollar: number): Found {
  const rest = text.slice(dollar + 1);
  if (rest.startsWith('$'))
    // Two dollars are one, which GitHub would take for the beginning of an expression.
    return rest.startsWith('${{')
      ? { why: `\`${text}\` has the text of an expression` }
      : { part: { literal: '$' }, end: dollar + 2 };
  const [name] = NAME.exec(rest) ?? [];
  if (name !== undefined) return { part: { name, operator: '', word: [] }, end: dollar + 1 + name.length };
  const close = rest.startsWith('{') ? closing(text, dollar) : undefined;
  if (close === undefined) return { why: `Compose does not read \`${text}\`` };
  return braced(text.slice(dollar + 2, close), text, close + 1);
}

function braced(inner: string, text: string, end: number): Found {
  const [name = ''] = NAME.exec(inner) ?? [];
  const [, operator = '', rest = ''] = /^(:?[-?+])?([\s\S]*)$/.exec(inner.slice(name.length)) ?? [];
  if (name === '' || (operator === '' && rest !== '')) return { why: `Compose does not read \`${text}\`` };
  const word = templateOf(rest);
  if ('why' in word) return word;
  return { part: { name, operator: operator as TemplateName['operator'], word }, end };
}

/** The brace that ends the one behind a dollar. Versions of Compose count other braces in different ways. */
function closing(text: string, dollar: number): number | undefined {
  let open = 0;
  for (let at = dollar; at < text.length; at += 1) {
    if (text.startsWith('${', at)) {
      open += 1;
      at += 1;
    } else if (text[at] === '{') return undefined;
    else if (text[at] === '}') {
      open -= 1;
      if (open === 0) return at;
    }
  }
  return undefined;
}

/** Every name that a text asks for. */
export function namesOf(template: Template): readonly string[] {
  return template.flatMap((part) => ('name' in part ? [part.name, ...namesOf(part.word)] : []));
}
