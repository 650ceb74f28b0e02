import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { migrateWorkflow } from '../src/migrate.ts';
import { reportOf } from '../src/report.ts';
import { NAMES, workflow } from './corpus.ts';

const ODD = [
  '\t',
  '  ',
  "'",
  '"',
  '${{',
  '}}',
  '$(',
  '&a ',
  '*a',
  '#',
  '- ',
  ': ',
  '|',
  '{',
  '[',
  '\\',
  '\r',
  '\uFEFF',
  '---',
  'steps[0]',
  '`',
  '<<EOF',
];

/** One change of a line, as a person or a bad merge makes it. */
const change = fc.record({
  kind: fc.constantFrom('delete', 'double', 'swap', 'indent', 'insert', 'cut'),
  at: fc.nat(),
  by: fc.nat(),
  odd: fc.constantFrom(...ODD),
});

interface Change {
  readonly kind: string;
  readonly at: number;
  readonly by: number;
  readonly odd: string;
}

function changed(text: string, { kind, at, by, odd }: Change): string {
  const lines = text.split('\n');
  const index = at % lines.length;
  const line = lines[index] ?? '';
  if (kind === 'delete') lines.splice(index, 1);
  if (kind === 'double') lines.splice(index, 0, line);
  if (kind === 'swap') lines.splice(index, 1, lines[by % lines.length] ?? '');
  if (kind === 'indent') lines[index] = ' '.repeat(by % 9) + line.trimStart();
  if (kind === 'insert')
    lines[index] = line.slice(0, by % (line.length + 1)) + odd + line.slice(by % (line.length + 1));
  if (kind === 'cut') lines[index] = line.slice(0, by % (line.length + 1));
  return lines.join('\n');
}

/** A line as it is in a file, without what a comment puts before it. */
const bare = (line: string) => line.replace(/^\s*(?:# ?)?/, '').trim();

test('a workflow that was changed anyhow never breaks the command, and no line of it is lost in silence', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...NAMES),
      fc.array(change, { minLength: 1, maxLength: 4 }),
      (name, changes) => {
        const text = changes.reduce(changed, workflow(name));
        const migration = migrateWorkflow(text);
        if (migration.outcome === 'unreadable') {
          expect(migration.mistakes.join('')).not.toBe('');
          return;
        }
        const report = reportOf(name, migration);
        const kept = new Map<string, number>();
        for (const line of migration.text.split('\n')) {
          for (const form of new Set([line.trim(), bare(line)])) kept.set(form, (kept.get(form) ?? 0) + 1);
        }
        const lost = text
          .split('\n')
          .filter((line) => (kept.get(line.trim()) ?? kept.get(bare(line)) ?? 0) === 0);
        expect(lost.filter((line) => !report.includes(line.trim()))).toEqual([]);
      },
    ),
    { numRuns: 200, seed: 65 },
  );
});
