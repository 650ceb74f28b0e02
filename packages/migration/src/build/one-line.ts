import { piecesOf, replaceExpressions } from '../expressions.ts';
import type { Option } from './settle-option.ts';

/** Options that docker takes once for each name: the last one counts. */
const BY_NAME = ['--build-arg', '--label', '--build-context'];

/** What the events of GitHub, and files of variables, have in several lines. */
export const SEVERAL = /\.(?:message|body)\b|dotenv|env_?file/i;

/**
 * Why the options cannot be lines of an input, which takes one for each name, and no blanks around it. `resolve` puts in what the file
 * says. Of build arguments only the names are judged: their values have another place too.
 */
export function whyNoLines(
  options: readonly Option[],
  resolve: (text: string) => string,
): string | undefined {
  const seen = new Set<string>();
  for (const { name, value } of options) {
    if (name === '--tag') continue;
    const of = `${name} ${value.split(/[=\r\n]/)[0]}`;
    if (BY_NAME.includes(name) && seen.has(of)) return `\`${of}\` is given twice`;
    seen.add(of);
    if (name === '--build-arg' && /^[A-Za-z_]\w*=/.test(value)) continue;
    const text = resolve(value);
    const plain = replaceExpressions(text, () => 'VALUE');
    if (/[\r\n]/.test(plain)) return `\`${of}\` has several lines, and the input takes one`;
    if (plain !== plain.trim()) return `\`${of}\` begins or ends with a blank, which the input drops`;
    if (piecesOf(text).some((piece) => 'expression' in piece && SEVERAL.test(piece.expression)))
      return `\`${of}\` may have several lines, and the input takes one`;
  }
  return undefined;
}

/** What GitHub never says in several lines. */
const ONE_LINE =
  /^(?:github\.(?:sha|ref|ref_name|head_ref|base_ref|run_id|run_number|run_attempt|repository|repository_owner|actor|event_name|workflow)|runner\.(?:os|arch))$/;

/** Whether a text has a value that nobody knows from the file, and that may have several lines. `isOneLine` knows more of the job. */
export function mayHaveLines(text: string, isOneLine: (expression: string) => boolean): boolean {
  return piecesOf(text).some(
    (piece) => 'expression' in piece && !ONE_LINE.test(piece.expression) && !isOneLine(piece.expression),
  );
}

/** Inputs of docker/build-push-action that are lists. Their lines may be in quotes. */
const LISTS = [
  ...['labels', 'annotations', 'build-contexts', 'cache-from', 'cache-to'],
  ...['no-cache-filters', 'secret-files'],
];

/** A list without the quotes around its lines; nothing where they hold quotes or several lines themselves. */
export function unquotedLines(name: string, text: string): string | undefined {
  if (!LISTS.includes(name)) return text;
  const lines = text.split('\n').map((line) => line.replace(/^(\s*)"([^"\r]*)"(\s*)$/, '$1$2$3'));
  return lines.some((line) => /^\s*"/.test(line)) ? undefined : lines.join('\n');
}

/**
 * The entries of `build-args` as docker/build-push-action reads them: a line, or in quotes any number of lines, where `""` is a quote.
 * Nothing where quotes are in another place.
 */
export function entriesOf(
  text: string,
): readonly { readonly text: string; readonly quoted: boolean }[] | undefined {
  const hidden: string[] = [];
  let rest = replaceExpressions(text, (found) => `\uE000${hidden.push(found) - 1}\uE001`);
  const shown = (part: string) =>
    part.replace(/\uE000(\d+)\uE001/g, (_, index) => hidden[Number(index)] ?? '').trim();
  const entries: { text: string; quoted: boolean }[] = [];
  while (rest !== '') {
    const [all = '', quoted, plain = ''] = /^(?:"((?:[^"]|"")*)"|([^"\n][^\n]*)?)(?:\n|$)/.exec(rest) ?? [];
    if (all === '') return undefined;
    const entry = shown(quoted?.replaceAll('""', '"') ?? plain);
    if (entry !== '') entries.push({ text: entry, quoted: quoted !== undefined });
    rest = rest.slice(all.length);
  }
  return entries;
}
