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
