import { showUnseen } from './unseen-characters.ts';

/** What keeps a mention or a reference apart: GitHub looks for them after Markdown, whatever was escaped in it. */
const APART = '<!-- -->';

/**
 * Text that others wrote, made harmless in a summary or comment: no HTML, no links, no mentions, no tables broken.
 * Marks that count only at the start of a line are left alone elsewhere, so that the source stays readable too.
 */
export function escapeMarkdown(text: string): string {
  return showUnseen(text, 'sentence')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/@|#(?=\d)/g, (mark) => `${mark}${APART}`)
    .replace(/:\/\//g, '&#58;//') // GitHub makes a link of every bare address
    .replace(/www\./gi, (start) => start.replace('.', '&#46;'))
    .replace(/[\\`*_[\]|~$]/g, '\\$&')
    .replace(/^[-+#>=]/, '\\$&')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2');
}

/** A sentence whose `names` stay code spans; the rest is escaped. */
export function prose(text: string): string {
  const parts = text.split('`');
  if (parts.length % 2 === 0) return escapeMarkdown(text);
  return parts
    .map((part, index) => {
      if (index % 2 === 1) return code(part);
      return `${/^\s/.test(part) ? ' ' : ''}${escapeMarkdown(part)}${/\S\s+$/.test(part) ? ' ' : ''}`;
    })
    .join('');
}

/** A code span that holds any text, backquotes included. */
export function code(text: string): string {
  const flat = showUnseen(text, 'value').replace(/[\r\n|]/g, ' ');
  const longest = longestRun(flat);
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${flat} ${fence}` : `${fence}${flat}${fence}`;
}

/** A GitHub table. Cells are Markdown already; escape what others wrote first. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n');
}

/**
 * One line, and behind it what only some readers open: what went well, whole digests, long tables. The line is plain text,
 * as Markdown does not count there; the body is Markdown already.
 */
export function folded(result: string, beside: string, ...body: readonly string[]): string {
  const line = `<b>${escapeHtml(result)}</b>${beside === '' ? '' : ` ${escapeHtml(beside)}`}`;
  return [`<details><summary>${line}</summary>`, ...body, '</details>'].join('\n\n');
}

/** Text in an HTML block: GitHub looks for mentions and references there too. */
function escapeHtml(text: string): string {
  return showUnseen(text, 'sentence')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/@|#(?=\d)/g, (mark) => `${mark}${APART}`)
    .replace(/:\/\//g, '&#58;//')
    .replace(/www\./gi, (start) => start.replace('.', '&#46;'));
}

/** One value before and after; `null` where there is none. */
export interface Difference {
  readonly path: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** What differs, line under line in GitHub's colours: two long values side by side would reach beyond the page. */
export function diff(differences: readonly Difference[]): string {
  const lines = differences.flatMap(({ path, from, to }) => [
    `  ${path}`,
    ...(from === null ? [] : [`-   ${from}`]),
    ...(to === null ? [] : [`+   ${to}`]),
  ]);
  return fenced('diff', lines);
}

/** A block of lines that others wrote: none can end it, hide a character or become two. */
export function fenced(language: 'diff' | 'text', given: readonly string[]): string {
  const lines = given.map((text) => showUnseen(text, 'value').replace(/[\r\n\u2028\u2029]+/g, ' '));
  const fence = '`'.repeat(Math.max(3, longestRun(lines.join('\n')) + 1));
  return [`${fence}${language}`, ...lines, fence].join('\n');
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}
