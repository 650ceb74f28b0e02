import { code, escapeMarkdown } from '@tenant-delivery/action-kit/markdown';
import { countsOf, GITHUB, type StackDrift } from './stack-drift.ts';

const SECTION = 12_000; // characters: an issue of GitHub takes 65,536
const SENTENCE = 600; // characters

/** One part of the issue: each difference with who made it, and what is unknown. */
export function driftSection(place: string, stacks: readonly StackDrift[], at: number): string {
  const { deciding, unknown } = countsOf(stacks);
  const lines = stacks.flatMap((stack) => [
    ...stack.differences.map(({ sentence, id, by }) => {
      const unsaid = stack.region === GITHUB ? '' : ' CloudTrail does not say by whom.';
      const who = by ? ` By ${code(by.who)}, ${code(by.call)}, ${by.at}.` : unsaid;
      return `- ${cut(sentence)}.${id === null ? '' : ` ${code(id)}.`}${who}`;
    }),
    ...stack.notSeen.map((what) => `- **Not seen** of ${code(stack.stack)}: ${cut(what)}.`),
    ...stack.unknown.map((why) => `- **Not known** of ${code(stack.stack)}: ${cut(why)}`),
  ]);
  const head = `### ${escapeMarkdown(place)}\n\n${deciding} differences, ${unknown} observations missing. Compared ${new Date(at).toISOString()}.`;
  const taken: string[] = [];
  let length = head.length;
  for (const line of lines) {
    length += line.length + 1;
    if (length > SECTION) break;
    taken.push(line);
  }
  const more = lines.length - taken.length;
  return [head, taken.join('\n'), ...(more > 0 ? [`${more} more are in the report of the run.`] : [])]
    .filter((part) => part !== '')
    .join('\n\n');
}

function cut(text: string): string {
  return escapeMarkdown(text.length > SENTENCE ? `${text.slice(0, SENTENCE - 1).toWellFormed()}…` : text);
}
