import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { migrateWorkflow } from '../src/migrate.ts';
import { NAMES, workflow } from './corpus.ts';

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Inputs {
  readonly inputs: Readonly<Record<string, { readonly required?: boolean }>>;
}

/** The steps of a file, with the job that each is in. */
function stepsOf(text: string): readonly (readonly [job: string, step: Step])[] {
  const read = parse(text) as {
    readonly jobs?: Readonly<Record<string, { readonly steps?: readonly Step[] }>>;
    readonly runs?: { readonly steps: readonly Step[] };
  }; // as GitHub reads it
  const jobs = Object.entries(read.jobs ?? { runs: read.runs ?? { steps: [] } });
  return jobs.flatMap(([job, { steps = [] }]) => steps.map((step) => [job, step] as const));
}

function inputsOf(action: string): Inputs['inputs'] {
  const file = join(import.meta.dirname, '../../../actions', action, 'action.yml');
  return (parse(readFileSync(file, 'utf8')) as Inputs).inputs; // our own file
}

function migrated(name: string) {
  const migration = migrateWorkflow(workflow(name));
  if (migration.outcome === 'unreadable') throw new Error(`${name} is not read`);
  return migration;
}

test.each(NAMES)(
  '%s gives our actions inputs that they have, all that they need, and each id once',
  (name) => {
    const steps = stepsOf(migrated(name).text);
    for (const [, { uses = '', with: given = {} }] of steps) {
      const [, action] = /^OWNER\/tenant-delivery\/actions\/([\w-]+)@/.exec(uses) ?? [];
      if (action === undefined) continue;
      const inputs = inputsOf(action);
      expect([name, action, Object.keys(given).filter((input) => !(input in inputs))]).toEqual([
        name,
        action,
        [],
      ]);
      const needed = Object.keys(inputs).filter((input) => inputs[input]?.required === true);
      expect([name, action, needed.filter((input) => !(input in given))]).toEqual([name, action, []]);
    }
    const ids = steps.flatMap(([job, { id }]) => (id === undefined ? [] : [`${job}.${id}`]));
    expect(ids).toEqual([...new Set(ids)]);
  },
);

test.each(NAMES)('%s keeps each comment, and each job without a new step to the byte', (name) => {
  const before = workflow(name);
  const { text, jobs, workflow: read } = migrated(name);
  const comments = (of: string) =>
    of
      .split('\n')
      .filter((line) => /^\s*#/.test(line))
      .map((line) => line.replace(/^[\s#]+/, '').trim());
  const kept = comments(text);
  expect(comments(before).filter((comment) => !kept.includes(comment))).toEqual([]);
  for (const { job, decisions, lines, moved } of jobs) {
    const changes = [...decisions.values()].some(({ kind }) => kind === 'replaced' || kind === 'merged');
    if (!changes && moved.length === 0) expect(lines).toEqual(read.lines.slice(job.from, job.to + 1));
  }
});
