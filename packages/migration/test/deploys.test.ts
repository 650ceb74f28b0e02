import { expect, test } from '@jest/globals';
import { migrateWorkflow } from '../src/migrate.ts';
import { inForce, job, PUSH, told } from './a-job.ts';

test('a restart without an image that the job has pushed stays, and the report says what to write', () => {
  const restart = '      - run: aws ecs update-service --cluster a --service b --force-new-deployment\n';
  expect(told(job(restart))).toContain('write `images: REGISTRY/REPOSITORY:TAG` and `resolve: tag`');
  const twice = job(`${PUSH}${PUSH.replace('id: image', 'id: other')}${restart}`);
  expect(told(twice)).toContain('this job pushes 2 images');
});

test('a deploy whose render cannot move stays with it', () => {
  const deploy = (render: string, between = '') =>
    job(`      - id: render
${render}        uses: aws-actions/amazon-ecs-render-task-definition@v1
        with:
          task-definition: task.json
          container-name: web
          image: a
${between}      - uses: aws-actions/amazon-ecs-deploy-task-definition@v2
        with:
          task-definition: \${{ steps.render.outputs.task-definition }}
          service: web
`);
  expect(told(deploy('        if: github.ref_name == 1\n'))).toContain('its render has another `if`');
  expect(told(deploy('', '      - run: rm task.json\n'))).toContain('changes what the render has read');
  expect(told(deploy('', '      - run: echo A=1 >> $GITHUB_ENV\n'))).toContain(
    'changes what the render has read',
  );
  expect(told(deploy('', '      - run: echo fine\n'))).toContain('migrated whole');
  const file = '${{ steps.render.outputs.task-definition }}';
  expect(told(deploy('', `      - run: jq . ${file}\n`))).toContain('migrated whole');
  for (const edit of [
    `      - run: jq .cpu=1024 ${file} > t && mv t ${file}\n`,
    `      - env:\n          TD: ${file}\n        run: sed -i s/256/1024/ $TD\n`,
    `      - uses: acme/edit@v1\n        with:\n          file: ${file}\n`,
    "      - run: sed -i s/256/1024/ ${{ steps['render'].outputs.task-definition }}\n",
    '      - run: sed -i s/256/1024/ $RUNNER_TEMP/task-definition-*\n',
    `      - run: cat ${file} | ./edit.sh\n`,
    `      - run: cat other > ${file}\n`,
  ]) {
    const text = deploy('', edit);
    expect(migrateWorkflow(text)).toMatchObject({ outcome: 'in part', text });
    expect(told(text)).toContain('can change the file that the render has written');
  }
});

test.each([
  ['by command', '      - run: aws ecs update-service --cluster c --service s --task-definition web:12\n'],
  [
    'by action',
    '      - uses: aws-actions/amazon-ecs-deploy-task-definition@v2\n        with:\n          task-definition: td.json\n          service: s\n',
  ],
])('a second deploy during a rollout still replaces the first: %s', (_, step) => {
  expect(inForce(job(step))).toContain('if-in-progress: replace\n');
  expect(told(job(step))).toContain('a deployment in progress is replaced: same (if-in-progress: replace)');
});
