import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { migrateWorkflow } from '../src/migrate.ts';
import { told } from './a-job.ts';
import { aChoice, CHOICES } from './choices.ts';
import { play } from './play/play.ts';
import { generatedScript } from './play/scripts.ts';

// Old and new steps run for each way in which the conditions of a script may end: 2 is a command that broke.

const ONE = [['0'], ['1'], ['2']];
const TWO = [...ONE.map(([A = '']) => [A, '0']), ...ONE.map(([A = '']) => [A, '1']), ['0', '2']];

/** Whether some lines are others, in their order, and maybe not all of them: what is only printed may be dropped. */
function isAmong(lines: readonly string[], others: readonly string[]): boolean {
  const rest = [...lines];
  for (const other of others) if (rest[0] === other) rest.shift();
  return rest.length === 0;
}

/** What others see of a run. */
function seen(text: string, answers: Readonly<Record<string, string>>) {
  const { pushed, used, failed, said } = play(text, 'its name', answers);
  const last = said.filter((line) => line.startsWith('then '));
  return { said, does: { ...answers, pushed, used, last, failed: failed.length } };
}

test.each(Object.entries(CHOICES))('the same images wherever a condition leads: %s', (_, script) => {
  const text = aChoice(script);
  const migration = migrateWorkflow(text);
  expect([migration.outcome, told(text)]).toEqual(['whole', expect.not.stringContaining('left as it is')]);
  const did = new Set<string>();
  for (const [A = '', B = ''] of /answer B|A B/.test(script) ? TWO : ONE) {
    const old = seen(text, { A, B });
    const now = seen('text' in migration ? migration.text : '', { A, B });
    expect(now.does).toEqual(old.does);
    if (!isAmong(now.said, old.said)) expect(now.said).toEqual(old.said);
    did.add(JSON.stringify([old.does.pushed, old.does.failed]));
  }
  expect(did.size).toBeGreaterThan(1);
});

test('a script of conditions, guards, loops and texts does what it did, or stays', () => {
  let whole = 0;
  const answer = fc.constantFrom('0', '1');
  fc.assert(
    fc.property(generatedScript, answer, answer, (script, A, B) => {
      const text = aChoice(script);
      const migration = migrateWorkflow(text);
      if (migration.outcome !== 'whole') {
        expect(migration).toMatchObject({ text });
        return;
      }
      whole += 1;
      expect(seen(migration.text, { A, B }).does).toEqual(seen(text, { A, B }).does);
    }),
    { numRuns: 40, seed: 16 },
  );
  expect(whole).toBeGreaterThan(10);
});
