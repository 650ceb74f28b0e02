import { piecesOf, replaceExpressions } from '../expressions.ts';
import type { Option } from './settle-option.ts';

/** Options that docker takes once for each name: the last one counts. */
const BY_NAME = ['--build-arg', '--label', '--build-context'];

/** What the events of GitHub, and files of variables, have in several lines. */
const SEVERAL = /\.(?:message|body)\b|dotenv|env_?file/i;

/** Why the options cannot be lines of an input, which takes one for each name, and no blanks around it. `resolve` puts in what the file says. */
export function whyNoLines(
  options: readonly Option[],
  resolve: (text: string) => string,
): string | undefined {
  const seen = new Set<string>();
  for (const { name, value } of options) {
    if (name === '--tag') continue;
    const of = `${name} ${value.split(/[=\r\n]/)[0]}`;
    const text = resolve(value);
    const plain = replaceExpressions(text, () => 'VALUE');
    if (/[\r\n]/.test(plain)) return `\`${of}\` has several lines, and the input takes one`;
    if (plain !== plain.trim()) return `\`${of}\` begins or ends with a blank, which the input drops`;
    if (piecesOf(text).some((piece) => 'expression' in piece && SEVERAL.test(piece.expression)))
      return `\`${of}\` may have several lines, and the input takes one`;
    if (BY_NAME.includes(name) && seen.has(of)) return `\`${of}\` is given twice`;
    seen.add(of);
  }
  return undefined;
}

/** What GitHub never says in several lines. */
const ONE_LINE =
  /^(?:github\.(?:sha|ref|ref_name|head_ref|base_ref|run_id|run_number|run_attempt|repository|repository_owner|actor|event_name|workflow)|runner\.(?:os|arch))$/;

/** Whether a text has a value that nobody knows from the file, and that GitHub may say in several lines. */
export function mayHaveLines(text: string): boolean {
  return piecesOf(text).some((piece) => 'expression' in piece && !ONE_LINE.test(piece.expression.trim()));
}

/** Inputs of docker/build-push-action that are lists. Their lines may be in quotes. */
const LISTS = [
  ...['build-args', 'labels', 'annotations', 'build-contexts', 'cache-from', 'cache-to'],
  ...['no-cache-filters', 'secret-files'],
];

/** A list without the quotes around its lines; nothing where they hold quotes or several lines themselves. */
export function unquotedLines(name: string, text: string): string | undefined {
  if (!LISTS.includes(name)) return text;
  const lines = text.split('\n').map((line) => line.replace(/^(\s*)"([^"\r]*)"(\s*)$/, '$1$2$3'));
  return lines.some((line) => /^\s*"/.test(line)) ? undefined : lines.join('\n');
}
