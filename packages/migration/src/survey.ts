import { type Migration, migrateWorkflow } from './migrate.ts';
import { PLACEHOLDER } from './release.ts';
import { type FileAt, labelOf } from './workflow.ts';

/** A file of a folder, and what would become of it. */
export interface Surveyed {
  readonly file: string;
  readonly migration: Migration;
}

/** What would become of each of these files. Files that are no workflow and no composite action are left out, except where GitHub looks for workflows. */
export function survey(
  files: readonly { readonly file: string; readonly text: string; readonly fileAt?: FileAt }[],
): readonly Surveyed[] {
  return files
    .map(({ file, text, fileAt }) => ({ file, migration: migrateWorkflow(text, PLACEHOLDER, fileAt) }))
    .filter(
      ({ file, migration }) =>
        migration.outcome !== 'unreadable' || /(?:^|\/)\.github\/workflows\/[^/]+$/.test(file),
    );
}

/** A table for a person: each file with something to migrate, what stays of it and why, and how many there are. */
export function tableOf(surveyed: readonly Surveyed[]): string {
  const rows = surveyed.flatMap(({ file, migration }) => {
    if (migration.outcome === 'nothing') return [];
    const of = migration.outcome === 'unreadable' ? UNREAD : migration.of;
    return [
      `| ${cell(file)} | ${NAMES[of.builds]} | ${NAMES[of.deploys]} | ${whyOf(migration).map(cell).join('<br>')} |`,
    ];
  });
  const table = [
    '| file | builds for ECR | deploys to ECS | what is left, and why |',
    '|---|---|---|---|',
    ...rows,
    '',
  ];
  const files = counted(surveyed.map(({ migration }) => migration.outcome));
  const works = WORKS.flatMap(([work, name]) => {
    const outcomes = surveyed.map(({ migration }) =>
      migration.outcome === 'unreadable' ? 'nothing' : migration.of[work],
    );
    const all = outcomes.filter((each) => each !== 'nothing').length;
    return all === 0 ? [] : [`${all} with ${name}: ${counted(outcomes)}.`];
  });
  const of = (outcome: Migration['outcome']) =>
    surveyed.filter(({ migration }) => migration.outcome === outcome).length;
  return [
    ...(rows.length > 0 ? table : []),
    `${surveyed.length} files: ${files}, ${of('nothing')} with nothing to migrate, ${of('unreadable')} not read.`,
    ...works,
  ].join('\n');
}

const WORKS = [
  ['builds', 'builds for ECR'],
  ['deploys', 'deploys to ECS'],
] as const;

/** How many are whole, with their share of those that have something to migrate. */
function counted(outcomes: readonly Migration['outcome'][]): string {
  const of = (outcome: Migration['outcome']) => outcomes.filter((each) => each === outcome).length;
  const [whole, moved, part] = [of('whole'), of('whole after a move'), of('in part')];
  const all = whole + moved + part;
  const share = all === 0 ? '' : ` (${Math.floor((100 * whole) / all)} %)`;
  const after = moved === 0 ? '' : ` ${moved} whole once a service is moved from CodeDeploy,`;
  return `${whole} whole${share},${after} ${part} in part`;
}

const NAMES = {
  whole: 'whole',
  'whole after a move': 'whole after a move',
  'in part': 'in part',
  nothing: '',
  unread: 'not read',
} as const;
const UNREAD = { builds: 'unread', deploys: 'unread' } as const;

function whyOf(migration: Migration): readonly string[] {
  if (migration.outcome === 'unreadable') return migration.mistakes;
  return migration.jobs.flatMap(({ decisions }) =>
    [...decisions].flatMap(([step, decision]) => {
      const head = `line ${step.from + 1}, ${labelOf(step)}`;
      if (decision.kind === 'left') return [`${head}: ${decision.why}`];
      if (decision.kind !== 'replaced') return [];
      return [
        ...(decision.stays === undefined
          ? []
          : [`${head}: its builds and pushes stay, because ${decision.stays}`]),
        ...(decision.beforehand === undefined ? [] : [`${head}: first ${decision.beforehand.what}`]),
      ];
    }),
  );
}

const cell = (text: string) => text.replace(/\|/g, '\\|').replace(/\s+/g, ' ');
