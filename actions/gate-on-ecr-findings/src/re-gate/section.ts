import { code, escapeMarkdown, table } from '@tenant-delivery/action-kit/markdown';
import type { DecidedRow } from '@tenant-delivery/findings/decide-rows';
import { orderRows } from '@tenant-delivery/findings/order-rows';
import { ageOf, countsOf, type RunningImage, type RunningService } from './running.ts';

const SECTION = 15_000; // characters: four environments fit into an issue of GitHub, 65,536
const CELL = 100; // characters
const DUE = 10; // findings of an image whose deadline comes next
const SENTENCE = 400; // characters of one unknown

/** One environment's part of the issue: what decides and how old it is, what comes due, what is unknown. */
export function sectionOf(
  environment: string,
  services: readonly RunningService[],
  { now, document }: { readonly now: number; readonly document: string },
): string {
  const { deciding, unknown } = countsOf(services);
  const head = [
    `### ${escapeMarkdown(environment)}`,
    `${findings(deciding)} ${deciding === 1 ? 'is' : 'are'} over the limits, ${unknown} ${unknown === 1 ? 'observation is' : 'observations are'} missing. Judged ${new Date(now).toISOString()}.`,
    table(
      ['service', 'image', 'tasks', 'over the limits', 'not known'],
      services.flatMap((service) => rowsOf(service)),
    ),
  ];
  const parts = services.flatMap((service) => [
    ...service.unknown.map((why) => `- **Not known** of ${code(service.service)}: ${shown(why, SENTENCE)}`),
    ...service.notes.map((note) => `- ${code(service.service)}: ${shown(note, SENTENCE)}`),
    ...service.images.flatMap((image) => partsOf(service.service, image, now)),
  ]);
  return within([...head, ...parts], SECTION, (more) => `${more} more in ${code(document)}.`);
}

function rowsOf({ service, images, unknown }: RunningService): readonly (readonly string[])[] {
  if (images.length === 0) return [[code(service), 'none known', '0', '0', String(unknown.length)]];
  return images.map(({ digest, tasks, judgement }) => [
    code(service),
    code(digest.slice(0, 19)),
    String(tasks),
    String(judgement.blocking.length),
    String(unknown.length),
  ]);
}

/** Each finding a line, so that a section can end between any two of them. */
function partsOf(service: string, { judgement, policy }: RunningImage, now: number): readonly string[] {
  const due = judgement.rows
    .filter(({ effect, until }) => effect === 'report' && until !== undefined)
    .toSorted((a, b) => (a.until ?? 0) - (b.until ?? 0))
    .slice(0, DUE);
  const line = (row: DecidedRow, what: string) =>
    `- ${what} ${code(service)}: ${aboutRow(row)}; ${agedBy(row)}`;
  const agedBy = (row: DecidedRow) => {
    const age = ageOf(row, policy, now);
    if (!age) return 'since when is not known';
    const deadline = age.left > 0 ? `${age.left} days left` : `${-age.left} days over its deadline`;
    return `seen for ${age.days} days, ${deadline}`;
  };
  return [
    ...orderRows(judgement.blocking).map((row) => line(row, '**Over** in')),
    ...due.map((row) => line(row, 'Due in')),
  ];
}

function aboutRow({ finding, why }: DecidedRow): string {
  const { vulnerability, severity, package: name, version, fixedIn } = finding;
  const mend = fixedIn === undefined ? 'no fixed version known' : `fixed in ${shown(fixedIn, CELL)}`;
  return `${shown(vulnerability, CELL)} (${severity}) in ${shown(name, CELL)} ${shown(version, CELL)}, ${mend}; ${shown(why, CELL)}`;
}

function shown(text: string, most: number): string {
  return escapeMarkdown(text.length > most ? `${text.slice(0, most - 1).toWellFormed()}…` : text);
}

function findings(count: number): string {
  return `${count} ${count === 1 ? 'finding' : 'findings'}`;
}

/** As many of the lines as fit, and how many do not. */
function within(lines: readonly string[], most: number, rest: (more: number) => string): string {
  const room = most - 200; // for the last line
  const taken: string[] = [];
  let length = 0;
  for (const line of lines) {
    length += line.length + 2;
    if (length > room) break;
    taken.push(line);
  }
  const more = lines.length - taken.length;
  return [...taken, ...(more > 0 ? [rest(more)] : [])].join('\n\n').replaceAll('\n\n- ', '\n- ');
}
