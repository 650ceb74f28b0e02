import { expect, test } from '@jest/globals';
import { migrateWorkflow } from '../src/migrate.ts';
import { inForce, job, told } from './a-job.ts';

const step = (before: string, indent = '        ') =>
  job(`${before}${indent}name: Go
${indent}uses: aws-actions/amazon-ecs-deploy-task-definition@v2
${indent}with:
${indent}  task-definition: task.json
${indent}  service: web
`);

test('a step whose dash has a line of its own is replaced with that line', () => {
  const text = step('      -\n');
  const migration = migrateWorkflow(text);
  expect(migration.outcome).toBe('whole');
  expect('text' in migration && migration.text).toContain(
    '      # tenant-delivery migrate: replaced by what is below. Delete these lines once that has run.\n      # -\n      #   name: Go\n',
  );
  expect(inForce(text)).toContain(
    '      - name: Go\n        uses: OWNER/tenant-delivery/actions/deploy-ecs-service@',
  );
});

test.each([
  ['      -\n', '          '],
  ['      - # why\n', '        '],
  ['      -\n        # why\n', '        '],
])('other ways to stand below a dash stay: %j', (before, indent) => {
  expect(told(step(before, indent))).toContain('does not begin on the line of its dash');
});
