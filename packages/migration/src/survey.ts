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
  const of = (outcome: Migration['outcome']) =>
    surveyed.filter(({ migration }) => migration.outcome === outcome).length;
  const rows = surveyed
    .filter(({ migration }) => migration.outcome !== 'nothing')
    .map(
      ({ file, migration }) =>
        `| ${cell(file)} | ${NAMES[migration.outcome]} | ${whyOf(migration).map(cell).join('<br>')} |`,
    );
  const [whole, moved, part] = [of('whole'), of('whole after a move'), of('in part')];
  const all = whole + moved + part;
  const share =
    all === 0 ? '' : ` Whole are ${Math.floor((100 * whole) / all)} % of those with something to migrate.`;
  const after = moved === 0 ? '' : ` ${moved} whole once a service is moved from CodeDeploy,`;
  return [
    ...(rows.length > 0 ? ['| file | result | what is left, and why |', '|---|---|---|', ...rows, ''] : []),
    `${surveyed.length} files: ${whole} whole,${after} ${part} in part, ${of('nothing')} with nothing to migrate, ${of('unreadable')} not read.${share}`,
  ].join('\n');
}

const NAMES = {
  whole: 'whole',
  'whole after a move': 'whole after a move',
  'in part': 'in part',
  nothing: '',
  unreadable: 'not read',
} as const;

function whyOf(migration: Migration): readonly string[] {
  if (migration.outcome === 'unreadable') return migration.mistakes;
  return migration.jobs.flatMap(({ decisions }) =>
    [...decisions].flatMap(([step, decision]) => {
      const head = `line ${step.from + 1}, ${labelOf(step)}`;
      if (decision.kind === 'left') return [`${head}: ${decision.why}`];
      return decision.kind === 'replaced' && decision.beforehand
        ? [`${head}: first ${decision.beforehand.what}`]
        : [];
    }),
  );
}

const cell = (text: string) => text.replace(/\|/g, '\\|').replace(/\s+/g, ' ');
