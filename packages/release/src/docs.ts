import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKS } from '@tenant-delivery/isolation/checks';
import { parse } from 'yaml';
import { ASSUMPTIONS } from './assumptions.ts';
import { assumptionRows, restingFiles } from './assumptions-table.ts';

const REPOSITORY = join(import.meta.dirname, '../../..');

interface Described {
  readonly description?: string | null;
}

/** As it is written: the contract tests check the rest of it. */
interface ActionFile extends Described {
  readonly inputs?: Readonly<
    Record<string, (Described & { readonly required?: boolean; readonly default?: string }) | null>
  >;
  readonly outputs?: Readonly<Record<string, Described | null>>;
}

interface Action {
  readonly folder: string;
  readonly file: string;
  readonly action: ActionFile;
}

function actionsIn(root: string): readonly Action[] {
  return globSync('actions/*/action.yml', { cwd: root })
    .sort()
    .map((file) => ({
      folder: file.split('/')[1] ?? '',
      file,
      action: parse(readFileSync(join(root, file), 'utf8')) as ActionFile,
    }));
}

/** What the tables need and nobody has written, one line each. */
function undescribed({ file, action }: Action): readonly string[] {
  const missing = (what: string, given: Described | null) =>
    given?.description?.trim() ? [] : [`${file}: ${what} has no description`];
  const each = (kind: string, given: Readonly<Record<string, Described | null>> = {}) =>
    Object.entries(given).flatMap(([name, value]) => missing(`the ${kind} ${name}`, value));
  return [
    ...missing('the action', action),
    ...each('input', action.inputs),
    ...each('output', action.outputs),
  ];
}

/** Every generated part of the documents: file, marker, text. `action.yml` is the source of names and defaults. */
function parts(
  root: string,
  actions: readonly Action[],
): readonly { readonly file: string; readonly marker: string; readonly text: string }[] {
  const failures = globSync('docs/failures/*.md', { cwd: root, exclude: ['docs/failures/README.md'] }).sort();
  return [
    ...actions.flatMap(({ folder, action }) => [
      { file: `actions/${folder}/README.md`, marker: 'inputs', text: inputsTable(action) },
      { file: `actions/${folder}/README.md`, marker: 'outputs', text: outputsTable(action) },
    ]),
    { file: 'actions/deploy-ecs-service/README.md', marker: 'preflight', text: checksTable() },
    {
      file: 'docs/assumptions.md',
      marker: 'assumptions',
      text: table(
        ['id', 'of', 'what we assume', 'closest page', 'if it is wrong', 'who sees it, and how', 'used in'],
        assumptionRows(ASSUMPTIONS, restingFiles(root)),
      ),
    },
    {
      file: 'README.md',
      marker: 'actions',
      text: table(
        ['action', 'what it does'],
        actions.map(({ folder, action }) => [
          `[${folder}](actions/${folder}/README.md)`,
          action.description ?? '',
        ]),
      ),
    },
    {
      file: 'docs/decisions/README.md',
      marker: 'decisions',
      text: globSync('docs/decisions/[0-9]*.md', { cwd: root })
        .sort()
        .map((file) => decisionLine(root, file))
        .join('\n'),
    },
    {
      file: 'docs/failures/README.md',
      marker: 'failures',
      text: table(
        ['code', 'what happened'],
        failures.map((file) => failureRow(root, file)),
      ),
    },
  ];
}

function inputsTable({ inputs = {} }: ActionFile): string {
  return table(
    ['input', 'required', 'default', 'what it is'],
    Object.entries(inputs).map(([name, input]) => [
      `\`${name}\``,
      input?.required ? 'yes' : 'no',
      input?.default === undefined || input.default === '' ? '' : `\`${input.default}\``,
      input?.description ?? '',
    ]),
  );
}

function outputsTable({ outputs = {} }: ActionFile): string {
  return table(
    ['output', 'what it is'],
    Object.entries(outputs).map(([name, output]) => [`\`${name}\``, output?.description ?? '']),
  );
}

function checksTable(): string {
  return table(
    ['check', 'under a contract', 'without one', 'expected', 'why', 'owner'],
    CHECKS.map((check) => {
      const { id, severity, expected, why, unknownPasses, recoveryPasses, planPasses, owner } = check;
      return [
        `\`${id}\``,
        severity === 'block'
          ? [
              'stops',
              ...(planPasses ? ['not in a plan'] : []),
              ...(recoveryPasses ? ['except a recovery'] : []),
            ].join(', ')
          : 'warns',
        sayAlone(check),
        expected,
        `${why}${unknownPasses ? ` If this cannot be seen, a deploy goes on: ${unknownPasses}.` : ''}`,
        owner,
      ];
    }),
  );
}

/** What a check does where no contract is. */
function sayAlone({ severity, alone, aloneWarns }: (typeof CHECKS)[number]): string {
  if (alone === 'not made') return 'not made';
  if (alone === 'warn' || severity === 'warn') return 'warns';
  return aloneWarns ? `stops; ${aloneWarns} warns` : 'stops';
}

function decisionLine(root: string, file: string): string {
  const [, number = '', title = ''] = /^# (\d+)\. (.+)/.exec(readFileSync(join(root, file), 'utf8')) ?? [];
  return `${number}. [${title}](${file.split('/')[2]})`;
}

function failureRow(root: string, file: string): readonly string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const code = /^# (\S+)/.exec(text)?.[1] ?? '';
  const happened = /## What happened\s+([\s\S]*?)(?:\n\n|\n##|$)/.exec(text)?.[1] ?? '';
  return [`[${code}](${code}.md)`, happened.split(/(?<=\.)\s/)[0] ?? ''];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.trim().replace(/\s+/g, ' ').replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Writes what is stale, or with `check` only names it. What nobody has described is named, and nothing is written. */
export function refreshDocs(check: boolean, root: string = REPOSITORY): readonly string[] {
  const actions = actionsIn(root);
  const missing = actions.flatMap(undescribed);
  if (missing.length > 0) return missing;
  const stale: string[] = [];
  for (const { file, marker, text } of parts(root, actions)) {
    const path = join(root, file);
    const now = existsSync(path) ? readFileSync(path, 'utf8') : '';
    const between = new RegExp(`(<!-- ${marker} -->)[\\s\\S]*?(<!-- /${marker} -->)`);
    if (!between.test(now)) {
      stale.push(`${file}: has no <!-- ${marker} --> … <!-- /${marker} --> markers`);
      continue;
    }
    const fresh = now.replace(between, (_, open: string, close: string) => `${open}\n\n${text}\n\n${close}`);
    if (fresh === now) continue;
    if (check) stale.push(`${file}: the ${marker} table is stale; run npm run docs`);
    else writeFileSync(path, fresh);
  }
  return stale;
}

if (import.meta.main) {
  const stale = refreshDocs(process.argv.includes('--check'));
  for (const line of stale) console.error(line);
  process.exitCode = stale.length > 0 ? 1 : 0;
}
