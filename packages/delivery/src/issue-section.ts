const SECTION = 12_000; // characters: an issue of GitHub takes 65,536
const SENTENCE = 600; // characters

/** One part of an issue: a head, and as many lines as fit below it. What is left out is in the report of the run. */
export function issueSection(head: string, lines: readonly string[]): string {
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

/** A sentence of a line, which may not fill the issue alone. */
export function cutSentence(text: string): string {
  return text.length > SENTENCE ? `${text.slice(0, SENTENCE - 1).toWellFormed()}…` : text;
}
