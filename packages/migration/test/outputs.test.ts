import { expect, test } from '@jest/globals';
import { migrateWorkflow } from '../src/migrate.ts';
import { job, PUSH, told } from './a-job.ts';
import { workflow } from './corpus.ts';

test('an output is found under its new name wherever the job reads it, and no step of another job is touched', () => {
  const text = job(
    `${PUSH}      - run: echo \${{ steps.image.outputs.uri }}
  two:
    runs-on: ubuntu-latest
    steps:
      - run: echo \${{ steps.image.outputs.uri }}
`,
    '    outputs:\n      image: ${{ steps.image.outputs.uri }}\n',
  );
  const migration = migrateWorkflow(text);
  if (!('text' in migration)) throw new Error('not read');
  const lines = migration.text.split('\n').filter((line) => line.includes('steps.image.outputs'));
  expect(lines.map((line) => line.trim())).toEqual([
    'image: ${{ steps.image.outputs.image }}',
    '- run: echo ${{ steps.image.outputs.image }}',
    '- run: echo ${{ steps.image.outputs.uri }}',
  ]);
  expect(told(text)).toContain(
    'line 6: image: ${{ steps.image.outputs.uri }}\n    is now image: ${{ steps.image.outputs.image }}',
  );
});

test.each([
  ['      - run: echo ${{ toJSON(steps) }}\n', 'names steps by computing'],
  ["      - run: echo ${{ steps['image'].outputs.uri }}\n", 'names steps by computing'],
  ['      - run: echo ${{ steps.image.outputs.size }}\n', 'its output `size` is used'],
  ['      - run: echo ${{ toJSON(steps.image) }}\n', '`steps.image` is used'],
])('a step stays when somebody asks for what its successor would not have: %s', (more, why) => {
  const text = job(`${PUSH}${more}`);
  const migration = migrateWorkflow(text);
  expect(migration).toMatchObject({ outcome: 'in part', text });
  expect(told(text)).toContain(why);
});

test.each(['outcome', 'conclusion'])('a step whose %s is asked stays when it would become several', (how) => {
  const asked = (step: string) =>
    job(`${step}      - if: always() && steps.image.${how} == 'failure'\n        run: ./alarm\n`);
  const deploy = 'aws ecs update-service --cluster c --service s --task-definition web:12\n';
  const one = `      - id: image\n        run: ${deploy}`;
  const several = PUSH.replace(/ +echo .*\n/, `          ${deploy}`);
  expect(told(asked(one))).toContain('migrated whole');
  expect(migrateWorkflow(asked(several))).toMatchObject({ outcome: 'in part', text: asked(several) });
  expect(told(asked(several))).toContain('it becomes several steps, and how `steps.image` ended is asked');
  expect(told(job(several))).toContain('migrated whole');
  const well = (step: string) => asked(step).replace("== 'failure'", "!= 'success'");
  expect(told(asked(PUSH))).toContain('it becomes several steps');
  expect(told(well(PUSH))).toContain('migrated whole');
  expect(told(well(several))).toContain('it becomes several steps');
});

test('no value is made up: what a secret or a variable holds stays an expression', () => {
  const migration = migrateWorkflow(workflow('32-build-secrets'));
  if (!('text' in migration)) throw new Error('not read');
  const secrets = (text: string) => new Set(text.match(/secrets\.\w+/g));
  expect(secrets(migration.text)).toEqual(secrets(workflow('32-build-secrets')));
});
