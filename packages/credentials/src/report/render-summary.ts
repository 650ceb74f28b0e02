import { code, escapeMarkdown, folded, table } from '@tenant-delivery/action-kit/markdown';
import { countsOf } from './render-json.ts';
import { lastRotationOf, type Report, type Row } from './row.ts';
import { bearingOf, STATES } from './states.ts';

const MOST = 400_000; // characters: GitHub shows a step's summary of a megabyte and no more
const DETAILED = 50; // credentials that are told in detail
const LONGEST = 300; // characters of a text in a cell

/** The report for people, the worst first. `document` has what does not fit. */
export function renderSummary(report: Report, document: string): string {
  const { tenant, environment, rows, at, elsewhere } = report;
  const counts = countsOf(report);
  const said = STATES.toReversed().flatMap((state) => (counts[state] ? [`${counts[state]} ${state}`] : []));
  const lines: string[] = [];
  let room = MOST;
  for (const row of rows) {
    const line = cellsOf(row);
    room -= line.join(' | ').length;
    if (room < 0) break;
    lines.push(line.join(' | '));
  }
  const left = rows.length - lines.length;
  const told = rows.slice(0, DETAILED);
  return [
    `### Credentials of ${escapeMarkdown(tenant)} ${escapeMarkdown(environment)}`,
    `${rows.length === 0 ? 'There are none' : said.join(', ')}. Seen ${at}.`,
    ...(rows.length === 0
      ? []
      : [
          table(
            HEAD,
            lines.map((line) => [line]),
          ),
        ]),
    ...(left > 0 ? [`${left} more in ${code(document)}.`] : []),
    ...(told.length > 0
      ? [
          folded(
            'Who uses each, and its last rotation',
            told.length < rows.length ? `(the first ${told.length})` : '',
            told.map(detailOf).join('\n'),
          ),
        ]
      : []),
    ...(elsewhere > 0 ? [`Left to other environments of the account, by their tags: ${elsewhere}.`] : []),
  ].join('\n\n');
}

const HEAD = ['state', 'credential', 'age, next due', 'why, and what to do', 'who is asked'];

function cellsOf(row: Row): readonly string[] {
  const most = row.maxAgeDays === null ? '' : ` of ${row.maxAgeDays}`;
  const replacement = row.replacement === null || row.finding === 'missing' ? '' : ` ${row.replacement}`;
  return [
    bearingOf(row.state) === 'passes' ? row.state : `**${row.state}**`,
    `${shown(row.id)}${row.finding === null ? '' : ` (${row.finding})`}<br>${shown(row.subject)} (${row.kind})`,
    [row.ageDays === null ? 'unknown' : `${row.ageDays}${most} days`, row.nextDue?.slice(0, 10)]
      .filter(Boolean)
      .join('<br>'),
    [shown(row.why), shown(`${row.remedy}${replacement}`)].filter(Boolean).join('<br>'),
    shown(row.owner.join(', ')),
  ];
}

/** What is known beside the row. */
function detailOf(row: Row): string {
  const beside = [
    ...(row.consumers.length > 0 ? [`used by ${row.consumers.join(', ')}`] : []),
    `last rotation: ${lastRotationOf(row)}`,
    ...row.facts,
  ];
  return `- **${shown(row.id)}**: ${beside.map(shown).join('; ')}`;
}

function shown(text: string): string {
  return escapeMarkdown(text.length > LONGEST ? `${text.slice(0, LONGEST - 1).toWellFormed()}…` : text);
}
