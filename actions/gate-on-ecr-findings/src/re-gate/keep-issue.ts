import { escapeMarkdown } from '@tenant-delivery/action-kit/markdown';
import type { Issues } from '@tenant-delivery/delivery/github-ports';
import { type Counts, isClean } from './running.ts';

const BODY = 65_000; // characters; GitHub refuses more than 65,536
const FORGOTTEN = 30 * 86_400_000; // milliseconds after which an environment that nobody judges any more is left out

/** One environment's part of a tenant's issue. */
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

/**
 * One issue of a tenant, with a part for each of its environments: opened with the first bad news, rewritten while there
 * is any, closed when there is none in any part. A comment tells people when it gets worse, and at the end.
 */
export async function keepIssue(
  issues: Issues,
  repository: string,
  tenant: string,
  section: Section,
): Promise<Kept> {
  const marker = markerOf(tenant);
  const open = await issues.openOne(repository, marker);
  const sections = new Map((open ? sectionsIn(open.body) : []).map((each) => [each.environment, each]));
  const before = sections.get(section.environment)?.counts;
  sections.set(section.environment, section);
  for (const [environment, { at }] of sections) if (section.at - at > FORGOTTEN) sections.delete(environment);
  const all = [...sections.values()].toSorted((a, b) => (a.environment < b.environment ? -1 : 1));
  const clean = all.every(({ counts }) => isClean(counts));
  if (!open) {
    if (clean) return { kind: 'none' };
    const made = await issues.create(repository, titleOf(tenant), bodyOf(tenant, all));
    return { kind: 'opened', url: made.url };
  }
  await issues.update(repository, open.number, { body: bodyOf(tenant, all) });
  if (clean) {
    await issues.comment(repository, open.number, 'Everything that runs is inside the limits again.');
    await issues.update(repository, open.number, { state: 'closed' });
    return { kind: 'closed', url: open.url };
  }
  if (isWorse(section.counts, before)) await issues.comment(repository, open.number, newsOf(section));
  return { kind: 'updated', url: open.url };
}

/** By its first line the issue is found again. */
export function markerOf(tenant: string): string {
  return `<!-- tenant-delivery:re-gate:${tenant} -->`;
}

function titleOf(tenant: string): string {
  return `What runs for ${tenant} is not inside the limits of its contract`;
}

function isWorse({ deciding, unknown }: Counts, before: Counts | undefined): boolean {
  return before === undefined
    ? !isClean({ deciding, unknown })
    : deciding > before.deciding || unknown > before.unknown;
}

function newsOf({ environment, counts: { deciding, unknown } }: Section): string {
  return `In ${escapeMarkdown(environment)} findings over the limits are ${deciding} now, and observations that are missing ${unknown}.`;
}

const INTRO =
  "The running images were judged again by today's findings. Nothing was stopped or undone: deliver a version that fixes this, or agree on a waiver. Every run rewrites this text.";

/** Every part. If GitHub would refuse the length, the later parts come without their lines. */
export function bodyOf(tenant: string, sections: readonly Section[]): string {
  let body = `${markerOf(tenant)}\n${INTRO}\n`;
  let left = sections.length;
  for (const section of sections) {
    left -= 1;
    const whole = wrapped(section, section.markdown);
    const reserve = left * 400; // what the others need at least
    body += body.length + whole.length + reserve <= BODY ? whole : wrapped(section, newsOf(section));
  }
  return body;
}

function wrapped({ environment, counts, at }: Section, markdown: string): string {
  return `\n<!-- part ${environment} ${JSON.stringify({ ...counts, at })} -->\n${markdown}\n<!-- end of ${environment} -->\n`;
}

const PART =
  /<!-- part ([a-z0-9-]+) \{"deciding":(\d{1,9}),"unknown":(\d{1,9}),"at":(\d{1,15})\} -->\n([\s\S]*?)\n<!-- end of \1 -->/g;

/** The parts that an earlier run wrote. What people changed between them is lost; what they changed in a number is not believed longer than a run. */
export function sectionsIn(body: string): readonly Section[] {
  return [...body.matchAll(PART)].map(([, environment = '', deciding, unknown, at, markdown = '']) => ({
    environment,
    counts: { deciding: Number(deciding), unknown: Number(unknown) },
    at: Number(at),
    markdown,
  }));
}
