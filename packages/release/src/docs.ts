import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKS } from '@tenant-delivery/isolation/checks';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../../..');

interface ActionFile {
  readonly name: string;
  readonly description: string;
  readonly inputs?: Readonly<Record<string, { description: string; required?: boolean; default?: string }>>;
  readonly outputs?: Readonly<Record<string, { description: string }>>;
}

/** Every generated part of the documents: file, marker, text. `action.yml` is the source of names and defaults. */
function parts(): readonly { readonly file: string; readonly marker: string; readonly text: string }[] {
  const actions = globSync('actions/*/action.yml', { cwd: root })
    .sort()
    .map((file) => ({
      folder: file.split('/')[1] ?? '',
      action: parse(readFileSync(join(root, file), 'utf8')) as ActionFile,
    })); // checked by the contract tests
  const failures = globSync('docs/failures/*.md', { cwd: root, exclude: ['docs/failures/README.md'] }).sort();
  return [
    ...actions.flatMap(({ folder, action }) => [
      { file: `actions/${folder}/README.md`, marker: 'inputs', text: inputsTable(action) },
      { file: `actions/${folder}/README.md`, marker: 'outputs', text: outputsTable(action) },
    ]),
    { file: 'actions/deploy-ecs-service/README.md', marker: 'preflight', text: checksTable() },
    {
      file: 'README.md',
      marker: 'actions',
      text: table(
        ['action', 'what it does'],
        actions.map(({ folder, action }) => [`[${folder}](actions/${folder}/README.md)`, action.description]),
      ),
    },
    {
      file: 'docs/decisions/README.md',
      marker: 'decisions',
      text: globSync('docs/decisions/[0-9]*.md', { cwd: root }).sort().map(decisionLine).join('\n'),
    },
    {
      file: 'docs/failures/README.md',
      marker: 'failures',
      text: table(['code', 'what happened'], failures.map(failureRow)),
    },
  ];
}

function inputsTable({ inputs = {} }: ActionFile): string {
  return table(
    ['input', 'required', 'default', 'what it is'],
    Object.entries(inputs).map(([name, input]) => [
      `\`${name}\``,
      input.required ? 'yes' : 'no',
      input.default === undefined || input.default === '' ? '' : `\`${input.default}\``,
      input.description,
    ]),
  );
}

function outputsTable({ outputs = {} }: ActionFile): string {
  return table(
    ['output', 'what it is'],
    Object.entries(outputs).map(([name, output]) => [`\`${name}\``, output.description]),
  );
}

function checksTable(): string {
  return table(
    ['check', 'stops a deploy', 'expected', 'why', 'owner'],
    CHECKS.map(({ id, severity, expected, why, unknownPasses, recoveryPasses, planPasses, owner }) => [
      `\`${id}\``,
      severity === 'block'
        ? [
            'yes',
            ...(planPasses ? ['not in a plan'] : []),
            ...(recoveryPasses ? ['except a recovery'] : []),
          ].join(', ')
        : 'no, it warns',
      expected,
      `${why}${unknownPasses ? ` Where it cannot be seen, a deploy goes on: ${unknownPasses}.` : ''}`,
      owner,
    ]),
  );
}

function decisionLine(file: string): string {
  const [, number = '', title = ''] = /^# (\d+)\. (.+)/.exec(readFileSync(join(root, file), 'utf8')) ?? [];
  return `${number}. [${title}](${file.split('/')[2]})`;
}

function failureRow(file: string): readonly string[] {
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

/** Writes what is stale, or with `check` only names it. */
export function refreshDocs(check: boolean): readonly string[] {
  const stale: string[] = [];
  for (const { file, marker, text } of parts()) {
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
