import { type Row, same } from '../draft.ts';
import { onlyExpression, piecesOf } from '../expressions.ts';

/** The lines of one render, for each of its containers. */
export interface Given {
  readonly containers: readonly string[];
  readonly lines: readonly string[];
}

/** Lines `KEY=value` or whole lines of an expression, without the blanks at their ends, as the render read them. */
export function linesGiven(
  text: string | undefined,
  containers: readonly string[],
): Given | { readonly left: string } {
  const lines = (text ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.every((line) => isPair(line) || onlyExpression(line) !== undefined)
    ? { containers, lines }
    : { left: 'has a line that is neither KEY=value nor an expression' };
}

/**
 * The same for deploy-ecs-service: `web.KEY=value`. Where an expression gives whole lines, the lines of each container stand below
 * `[web]`. Of lines that set the same, the render took the last one.
 */
export function variableLines(all: readonly Given[]): readonly string[] {
  if (all.every(({ lines }) => lines.every(isPair))) {
    const lines = all.flatMap((each) =>
      each.containers.flatMap((container) => each.lines.map((line) => `${container}.${line}`)),
    );
    const last = new Map(lines.map((line, at) => [keyOf(line), at]));
    return lines.filter((line, at) => last.get(keyOf(line)) === at);
  }
  return all.flatMap(({ containers, lines }) =>
    lines.length === 0 ? [] : containers.flatMap((container) => [`[${container}]`, ...lines]),
  );
}

export function rowOf(name: string, { lines }: Given): Row {
  return lines.some(endsInExpression)
    ? { ...same(name), why: 'and a blank at the end of a value that an expression gives stays' }
    : same(name);
}

const isPair = (line: string) => /^[^=\s$#<[][^=\s<]*=/.test(line);
const keyOf = (line: string) => line.slice(0, line.indexOf('='));

function endsInExpression(line: string): boolean {
  const last = piecesOf(line).at(-1);
  return isPair(line) && last !== undefined && 'expression' in last;
}
