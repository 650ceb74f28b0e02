import { code, escapeMarkdown } from '@tenant-delivery/action-kit/markdown';
import type { Examination } from '@tenant-delivery/provisioning/doctor/examine';
import type { Line, Result } from '@tenant-delivery/provisioning/doctor/line';

const SECTION = 12_000; // characters: an issue of GitHub takes 65,536
const SENTENCE = 600; // characters

/** One part of the issue: what is wrong first, then what could not be seen, each with what mends it. */
export function sectionOf({ environment, lines }: Examination, at: number): string {
  const of = (result: Result) => lines.filter((line) => line.result === result);
  const [wrong, unknown] = [of('wrong'), of('unknown')];
  const head = `### ${escapeMarkdown(environment)}\n\n${of('ok').length} ok, ${wrong.length} wrong, ${unknown.length} unknown. Looked at ${new Date(at).toISOString()}.`;
  const rows = [...wrong, ...unknown].map(rowOf);
  const taken: string[] = [];
  let length = head.length;
  for (const row of rows) {
    length += row.length + 1;
    if (length > SECTION) break;
    taken.push(row);
  }
  const more = rows.length - taken.length;
  return [head, taken.join('\n'), ...(more > 0 ? [`${more} more are in the report of the run.`] : [])]
    .filter((part) => part !== '')
    .join('\n\n');
}

function rowOf({ result, about, found, mend }: Line): string {
  const mark = result === 'unknown' ? '**Not known**, ' : '';
  const how = mend === '' ? '' : `\n  ${code(cut(mend))}`;
  return `- ${mark}${escapeMarkdown(about)}: ${escapeMarkdown(cut(found))}.${how}`;
}

function cut(text: string): string {
  return text.length > SENTENCE ? `${text.slice(0, SENTENCE - 1).toWellFormed()}…` : text;
}
