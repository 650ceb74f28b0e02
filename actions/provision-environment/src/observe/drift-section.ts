import { code, escapeMarkdown } from '@tenant-delivery/action-kit/markdown';
import { cutSentence, issueSection } from '@tenant-delivery/delivery/issue-section';
import { countsOf, GITHUB, type StackDrift } from './stack-drift.ts';

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
  return issueSection(head, lines);
}

const cut = (text: string) => escapeMarkdown(cutSentence(text));
