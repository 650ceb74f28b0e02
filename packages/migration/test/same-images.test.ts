import { expect, test } from '@jest/globals';
import { migrateWorkflow } from '../src/migrate.ts';
import { job } from './a-job.ts';
import { NAMES, workflow } from './corpus.ts';
import { type Played, play } from './play/play.ts';
import { SCRIPTS } from './scripts.ts';

// Old and new steps run with stand-ins for docker and aws: the same names must get images that are built from the same.

function both(text: string, unknown: 'its name' | 'true' = 'its name') {
  const migration = migrateWorkflow(text);
  if (!('text' in migration)) throw new Error('not read');
  return { outcome: migration.outcome, old: play(text, unknown), now: play(migration.text, unknown) };
}

/** What both did, without the names of the steps in which they failed. */
const compared = ({ pushed, used, failed }: Played) => ({ pushed, used, failed: failed.length });

test.each(NAMES)('%s pushes what it pushed', (name) => {
  const text = workflow(name);
  for (const unknown of ['its name', ...(text.includes('inputs.') ? ['true' as const] : [])] as const) {
    const { old, now } = both(text, unknown);
    expect(compared(now)).toEqual(compared(old));
  }
});

test.each(Object.entries(SCRIPTS))('the same images: %s', (_, [script, pushes]) => {
  const lines = script.split('\n').map((line) => `          ${line}\n`);
  const { outcome, old, now } = both(
    job(`      - env:
          REGISTRY: \${{ steps.ecr.outputs.registry }}
          TAG: v1
          NAMES: api web
        run: |
${lines.join('')}`),
  );
  expect([outcome, old.failed]).toEqual(['whole', []]);
  expect(compared(now)).toEqual(compared(old));
  expect(old.pushed).toHaveLength(pushes);
});

test.each([
  ['A=1', 'A=2'],
  ['-f x.Dockerfile', '-f y.Dockerfile'],
  ['orders:1', 'orders:2'],
  [' ./app', ' ./other'],
  ['--target run', '--target test'],
])('%s in place of %s is seen', (from, to) => {
  const run = `docker build --build-arg A=1 -f x.Dockerfile --target run -t $REGISTRY/orders:1 --push ./app`;
  const text = (script: string) => job(`      - run: ${script}\n`);
  expect(play(text(run.replace(from, to)))).not.toEqual(play(text(run)));
});
