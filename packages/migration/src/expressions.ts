/** `${{ … }}`; a text in quotes may hold braces. */
const EXPRESSION = /\$\{\{(?:'(?:[^']|'')*'|(?!\}\})[^'])*\}\}/g;

/** A text in pieces: what is written, and expressions. */
export type Piece = { readonly literal: string } | { readonly expression: string };

export function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const found of text.matchAll(EXPRESSION)) {
    if (found.index > at) pieces.push({ literal: text.slice(at, found.index) });
    pieces.push({ expression: innerOf(found[0]) });
    at = found.index + found[0].length;
  }
  if (at < text.length) pieces.push({ literal: text.slice(at) });
  return pieces;
}

export function hasExpression(text: string): boolean {
  return text.search(EXPRESSION) >= 0;
}

/** What is between the braces of a text that is one expression and nothing else. */
export function onlyExpression(text: string): string | undefined {
  const [piece, ...more] = piecesOf(text.trim());
  return piece && 'expression' in piece && more.length === 0 ? piece.expression : undefined;
}

/** The same text as one expression, which no quote or line break of a value can leave. */
export function asExpression(text: string): string {
  const expressions: string[] = [];
  const parts = piecesOf(text).map((piece) => {
    if ('literal' in piece) return piece.literal.replace(/'/g, "''").replace(/[{}]/g, '$&$&');
    expressions.push(piece.expression);
    return `{${expressions.length - 1}}`;
  });
  return `format('${parts.join('')}'${expressions.map((each) => `, ${each}`).join('')})`;
}

/** Each expression by what `by` makes of it. */
export function replaceExpressions(text: string, by: (expression: string) => string): string {
  return text.replace(EXPRESSION, by);
}

/** What is between the braces. */
function innerOf(expression: string): string {
  return expression.slice(3, -2).trim();
}

/** The name in `env.NAME`, when the expression is nothing else. */
export function variableIn(inner: string): string | undefined {
  return /^env\.([A-Za-z_]\w*)$/i.exec(inner)?.[1];
}

/** Id and output of `steps.ID.outputs.NAME`, when the expression is nothing else. */
export function outputIn(inner: string): { readonly id: string; readonly output: string } | undefined {
  const [, id, output] = /^steps\.([\w-]+)\.outputs\.([\w-]+)$/i.exec(inner) ?? [];
  return id === undefined || output === undefined ? undefined : { id, output };
}

/** Whether a secret is in a text. */
export function namesSecret(text: string): boolean {
  return piecesOf(text).some((piece) => 'expression' in piece && /\bsecrets\b/i.test(piece.expression));
}
