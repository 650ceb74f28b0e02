import { DAY } from '@tenant-delivery/domain';
import type { Issues } from './github-ports.ts';

const BODY = 65_000; // characters; GitHub refuses more than 65,536
const FORGOTTEN = 30 * DAY; // after which a part that nobody looks at any more is left out

/** How many of each keep an issue open. */
export interface Counts {
  readonly deciding: number;
  readonly unknown: number;
}

export function isClean({ deciding, unknown }: Counts): boolean {
  return deciding === 0 && unknown === 0;
}

/** One part of a tenant's issue: what one run looked at, such as an environment. */
export interface Section {
  readonly environment: string;
  readonly counts: Counts;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly markdown: string;
}

export type Kept =
  | { readonly kind: 'none' }
  | { readonly kind: 'opened' | 'updated' | 'closed'; readonly url: string };

/** What a kept issue is about, and how it says so. */
export interface IssueWords {
  /** By its first line the issue is found again. */
  readonly marker: string;
  readonly title: string;
  readonly intro: string;
  /** The last comment. */
  readonly allClear: string;
  /** A sentence about a part that got worse. */
  news(section: Section): string;
}

/**
 * One issue of a tenant, with a part for each of its environments: opened with the first bad news, rewritten while there
 * is any, closed when there is none in any part. A comment tells people when it gets worse, and at the end.
 */
export async function keepIssue(
  issues: Issues,
  repository: string,
  words: IssueWords,
  section: Section,
): Promise<Kept> {
  const open = await issues.openOne(repository, words.marker);
  const sections = new Map((open ? sectionsIn(open.body) : []).map((each) => [each.environment, each]));
  const before = sections.get(section.environment)?.counts;
  sections.set(section.environment, section);
  for (const [environment, { at }] of sections) if (section.at - at > FORGOTTEN) sections.delete(environment);
  const all = [...sections.values()].toSorted((a, b) => (a.environment < b.environment ? -1 : 1));
  const clean = all.every(({ counts }) => isClean(counts));
  if (!open) {
    if (clean) return { kind: 'none' };
    const made = await issues.create(repository, words.title, bodyOf(words, all));
    return { kind: 'opened', url: made.url };
  }
  await issues.update(repository, open.number, { body: bodyOf(words, all) });
  if (clean) {
    await issues.comment(repository, open.number, words.allClear);
    await issues.update(repository, open.number, { state: 'closed' });
    return { kind: 'closed', url: open.url };
  }
  if (isWorse(section.counts, before)) await issues.comment(repository, open.number, words.news(section));
  return { kind: 'updated', url: open.url };
}

function isWorse({ deciding, unknown }: Counts, before: Counts | undefined): boolean {
  return before === undefined
    ? !isClean({ deciding, unknown })
    : deciding > before.deciding || unknown > before.unknown;
}

/** Every part. If GitHub would refuse the length, the later parts come without their lines. */
export function bodyOf(words: IssueWords, sections: readonly Section[]): string {
  let body = `${words.marker}\n${words.intro}\n`;
  let left = sections.length;
  for (const section of sections) {
    left -= 1;
    const whole = wrapped(section, section.markdown);
    const reserve = left * 400; // what the others need at least
    body += body.length + whole.length + reserve <= BODY ? whole : wrapped(section, words.news(section));
  }
  return body;
}

function wrapped({ environment, counts, at }: Section, markdown: string): string {
  return `\n<!-- part ${environment} ${JSON.stringify({ ...counts, at: Math.trunc(at) })} -->\n${markdown}\n<!-- end of ${environment} -->\n`;
}

const PART =
  /<!-- part ([a-z0-9/-]+) \{"deciding":(\d{1,9}),"unknown":(\d{1,9}),"at":(\d{1,15})\} -->\n([\s\S]*?)\n<!-- end of \1 -->/g;

/** The parts that an earlier run wrote. What people changed between them is lost; what they changed in a number is not believed longer than a run. */
export function sectionsIn(body: string): readonly Section[] {
  return [...body.matchAll(PART)].map(([, environment = '', deciding, unknown, at, markdown = '']) => ({
    environment,
    counts: { deciding: Number(deciding), unknown: Number(unknown) },
    at: Number(at),
    markdown,
  }));
}
