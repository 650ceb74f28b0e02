import { code, escapeMarkdown } from '@tenant-delivery/action-kit/markdown';
import { cutSentence, issueSection } from '@tenant-delivery/delivery/issue-section';
import type { Examination } from '@tenant-delivery/provisioning/doctor/examine';
import type { Line, Result } from '@tenant-delivery/provisioning/doctor/line';

/** One part of the issue: what is wrong first, then what could not be seen, each with what mends it. */
export function sectionOf({ environment, lines }: Examination, at: number): string {
  const of = (result: Result) => lines.filter((line) => line.result === result);
  const [wrong, unknown] = [of('wrong'), of('unknown')];
  const head = `### ${escapeMarkdown(environment)}\n\n${of('ok').length} ok, ${wrong.length} wrong, ${unknown.length} unknown. Looked at ${new Date(at).toISOString()}.`;
  return issueSection(head, [...wrong, ...unknown].map(rowOf));
}

function rowOf({ result, about, found, mend }: Line): string {
  const mark = result === 'unknown' ? '**Not known**, ' : '';
  const how = mend === '' ? '' : `\n  ${code(cutSentence(mend))}`;
  return `- ${mark}${escapeMarkdown(about)}: ${escapeMarkdown(cutSentence(found))}.${how}`;
}
