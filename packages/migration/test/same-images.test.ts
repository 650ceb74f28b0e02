import { expect, test } from '@jest/globals';
import { migrateWorkflow } from '../src/migrate.ts';
import { job } from './a-job.ts';
import { byHand } from './composed.ts';
import { filesBeside, NAMES, workflow } from './corpus.ts';
import { type Played, play } from './play/play.ts';
import type { Known } from './play/values.ts';
import { SCRIPTS } from './scripts.ts';

// Old and new steps run with stand-ins for docker and aws: the same names must get images that are built from the same.

function both(text: string, unknown: Known['unknown'] = 'its name', name = '') {
  const migration = migrateWorkflow(text, undefined, filesBeside(name));
  if (!('text' in migration)) throw new Error('not read');
  const played = (one: string) => play(one, unknown, {}, { composed: byHand(BY_HAND) });
  return { outcome: migration.outcome, old: played(text), now: played(migration.text) };
}

/** What the compose file of the corpus says. */
const BY_HAND = `build) docker build -t $ECR_REGISTRY/acme/orders:qa-$IMAGE_TAG -f docker/Dockerfile --build-arg "STAGE=$STAGE" . ;;`;

/** What both did, without the names of the steps in which they failed. */
const compared = ({ pushed, used, deployed, failed }: Played) => ({
  pushed,
  used,
  deployed,
  failed: failed.length,
});

test.each(NAMES)('%s pushes what it pushed', (name) => {
  const text = workflow(name);
  for (const unknown of ['its name', ...(text.includes('inputs.') ? ['true' as const] : [])] as const) {
    const { old, now } = both(text, unknown, name);
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

const TOKEN = '${{ secrets.TOKEN }}';

test.each([
  // A secret, an input and a variable, through `env`, the shell and its exports.
  ['--build-arg "A=$S" --build-arg B=1', ''],
  ['--build-arg "A=$S" --build-arg "B=$S"', ''],
  ['--build-arg "S=$S"', ''],
  ['--build-arg S', ''],
  ['--build-arg "A=x $S y "', ''],
  ['--build-arg "A=$V"', 'V=$S'],
  ['--build-arg "A=$V"', 'V=$(printf "%s|" "$I")'],
  ['--build-arg "A=$V"', 'V=$(seq 3)'],
  ['--build-arg "A=$V"', 'V=$(date +%s)'],
  ['--build-arg "A=$V-$W"', "V=$(seq 3)\nW=$'\\nx \\n'"],
  ['--build-arg "TAG=$I"', ''],
  ['--build-arg "A=one\n  two \n"', ''],
  ['--build-arg "A=blank "', ''],
  ['--build-arg "A=$J"', ''],
])('a build argument keeps its lines, quotes and blanks: %s, %s', (options, before) => {
  const script = `${before}\ndocker build ${options} -t $REGISTRY/a:1 .\ndocker push $REGISTRY/a:1`;
  const { outcome, old, now } = both(
    job(
      `      - env:
          REGISTRY: \${{ steps.ecr.outputs.registry }}
          S: ${TOKEN}
          I: \${{ inputs.more }}
        run: |
${script.replace(/^/gm, '          ')}
`,
      '    env:\n      J: ${{ vars.ONE }}\n',
    ),
    'lines',
  );
  expect([outcome, old.failed]).toEqual(['whole', []]);
  expect(compared(now)).toEqual(compared(old));
});

test.each([`"A=${TOKEN}"`, '"A=one\n"', '"A=one\ntwo ""2"""\nB=1', '"A=a ""b"""', `A=${TOKEN}`])(
  'a line in quotes of docker/build-push-action keeps them too: %s',
  (lines) => {
    const { outcome, old, now } = both(
      job(`      - uses: docker/build-push-action@v6
        with:
          push: true
          tags: \${{ steps.ecr.outputs.registry }}/a:1
          build-args: |
${lines.replace(/^/gm, '            ')}
`),
      lines.startsWith('"') ? 'lines' : 'its name',
    );
    expect(outcome).toBe('whole');
    expect(compared(now)).toEqual(compared(old));
  },
);

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
