import { expect, test } from '@jest/globals';
import { migrateWorkflow } from '../src/migrate.ts';
import { reportOf } from '../src/report.ts';
import { job, told } from './a-job.ts';
import { workflow } from './corpus.ts';

const PUSH = `      - id: image
        env:
          IMAGE: \${{ steps.ecr.outputs.registry }}/acme/orders:1
        run: |
          docker build -t $IMAGE .
          docker push $IMAGE
          echo "uri=$IMAGE" >> $GITHUB_OUTPUT
`;

test.each([
  ['', 'it is empty'],
  ['- a\n- b\n', 'it has no members'],
  ['on: push\n', 'neither `jobs`'],
  ['a: 1\n---\nb: 2\n', '2 YAML documents'],
  ['on: push\njobs:\n\tone: 1\n', 'it is not YAML'],
  ['on: push\non: pull_request\njobs: {}\n', 'it is not YAML'],
])('what is no workflow is not read: %j', (text, why) => {
  const migration = migrateWorkflow(text);
  expect(migration.outcome).toBe('unreadable');
  expect(reportOf('w.yml', migration)).toContain(why);
});

test('carriage returns and a byte order mark stay, and new lines have what the others have', () => {
  const windows = migrateWorkflow(workflow('33-carriage-returns'));
  const mark = migrateWorkflow(workflow('34-byte-order-mark'));
  if (!('text' in windows) || !('text' in mark)) throw new Error('not read');
  expect(
    windows.text
      .split('\n')
      .slice(0, -1)
      .filter((line) => !line.endsWith('\r')),
  ).toEqual([]);
  expect(mark.text.startsWith('\uFEFF---\n')).toBe(true);
});

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

test.each([
  [
    'docker build -t $NOWHERE/acme/orders:1 . && docker push $NOWHERE/acme/orders:1',
    '$NOWHERE is not set in this file',
  ],
  ['docker build -t $(cat name) . && docker push $(cat name)', 'known to the shell alone'],
  ['docker build --ssh default -t $R/a:1 . && docker push $R/a:1', 'nothing for `docker build --ssh`'],
  [
    'docker build -t $R/a:1 https://github.com/acme/orders.git && docker push $R/a:1',
    'is no folder of the workspace',
  ],
  ['docker build -t $R/a:1 ../other && docker push $R/a:1', 'outside of the workspace'],
  ['docker build -t $R/a:1 . && docker push $R/a:1 || true', 'a condition, a loop, a function or a pipe'],
  [
    'for a in x y; do docker build -t $R/$a:1 $a; docker push $R/$a:1; done',
    'a condition, a loop, a function or a pipe',
  ],
  [
    'docker build -t $R/a:1 .; docker run --rm $R/a:1 test; docker push $R/a:1',
    'uses the image on the runner',
  ],
  ['docker push $R/a:1', 'what no build of this job'],
  ['docker build -t "$R/a:1" . ; docker push "$R/a:1" ; fi', 'not one that bash would read'],
])('a script stays whole when a step cannot say it: %s', (script, why) => {
  const text = job(
    `      - env:\n          R: \${{ steps.ecr.outputs.registry }}\n        run: |\n          ${script}\n`,
  );
  expect(migrateWorkflow(text)).toMatchObject({ outcome: 'in part', text });
  expect(told(text)).toContain(why);
});

test.each([
  ['shell: pwsh', 'its script is for pwsh'],
  ['shell: python', 'its script is for python'],
])('a script of another shell stays: %s', (shell, why) => {
  const text = job(`      - ${shell}\n        run: docker build -t a . ; docker push a\n`);
  expect(told(text)).toContain(why);
});

test('a step that becomes several stays whole where its condition or its forgiveness would mean another thing', () => {
  const split = `        env:
          R: \${{ steps.ecr.outputs.registry }}
        run: |
          npm ci
          docker build -t $R/a:1 .
          docker push $R/a:1
`;
  expect(told(job(`      - name: x\n${split}`))).toContain(
    'replaced by a script, docker/setup-buildx-action, build-and-scan-image',
  );
  expect(told(job(`      - if: always()\n${split}`))).toContain('also holds after a failure');
  expect(told(job(`      - continue-on-error: true\n${split}`))).toContain('would go on after the first');
});

test('a restart without an image that the job has pushed stays, and the report says what to write', () => {
  const restart = '      - run: aws ecs update-service --cluster a --service b --force-new-deployment\n';
  expect(told(job(restart))).toContain('write `images: REGISTRY/REPOSITORY:TAG` and `resolve: tag`');
  const twice = job(`${PUSH}${PUSH.replace('id: image', 'id: other')}${restart}`);
  expect(told(twice)).toContain('this job pushes 2 images');
});

test('no value is made up: what a secret or a variable holds stays an expression', () => {
  const migration = migrateWorkflow(workflow('32-build-secrets'));
  if (!('text' in migration)) throw new Error('not read');
  const secrets = (text: string) => new Set(text.match(/secrets\.\w+/g));
  expect(secrets(migration.text)).toEqual(secrets(workflow('32-build-secrets')));
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

test('a job that calls a reusable workflow has nothing to migrate, and the report names the file', () => {
  const text = 'on: push\njobs:\n  deploy:\n    uses: ./.github/workflows/ship.yml\n    secrets: inherit\n';
  expect(migrateWorkflow(text)).toMatchObject({ outcome: 'nothing', text });
  expect(told(text)).toContain('calls ./.github/workflows/ship.yml: migrate that file too');
});

test('an image for the processor of its runner is still built for that', () => {
  const on = (runner: string) => told(job(PUSH).replace('ubuntu-latest', runner));
  expect(on('ubuntu-24.04-arm')).toContain("the runner's platform: same (platforms: linux/arm64)");
  expect(on('${{ matrix.runner }}')).toContain('write `platforms` into the step that builds');
  expect(on('[self-hosted, linux]')).toContain('write `platforms` into the step that builds');
  expect(on('ubuntu-22.04')).not.toContain('platform');
});

const PROD = `        env:
          AWS_ACCESS_KEY_ID: \${{ secrets.PROD_KEY }}
          AWS_REGION: eu-west-1
          DOCKER_CONFIG: /tmp/prod
`;

/** The steps that are in force, without the comments. */
function inForce(text: string): string {
  const migration = migrateWorkflow(text);
  if (!('text' in migration)) throw new Error('not read');
  return migration.text
    .split('\n')
    .filter((line) => !/^ *#/.test(line))
    .join('\n');
}

test.each([
  [
    'a deploy by command',
    '        run: aws ecs update-service --cluster c --service s --task-definition web:12\n',
    1,
  ],
  [
    'a build by command',
    '        run: docker build -t r.dkr.ecr.eu-west-1.amazonaws.com/a:1 . && docker push r.dkr.ecr.eu-west-1.amazonaws.com/a:1\n',
    1,
  ],
  [
    'a deploy by action',
    '        uses: aws-actions/amazon-ecs-deploy-task-definition@v2\n        with:\n          task-definition: td.json\n          service: s\n',
    1,
  ],
])(
  'credentials and a region in the env of a step stay with it, though no input names them: %s',
  (_, step, times) => {
    const text = job(`      - name: to production\n${PROD}${step}`);
    expect(told(text)).toContain('migrated whole');
    expect(
      inForce(text).match(/AWS_ACCESS_KEY_ID: \$\{\{ secrets\.PROD_KEY \}\}\n *AWS_REGION: eu-west-1\n/g),
    ).toHaveLength(times);
  },
);

test('a builder that is added has what Docker reads of the env, and no credential', () => {
  const text = inForce(job(PUSH.replace('        env:\n', PROD)));
  const builder = text.slice(
    text.indexOf('setup-buildx-action') - 200,
    text.indexOf('setup-buildx-action') + 60,
  );
  expect(text.match(/DOCKER_CONFIG: \/tmp\/prod/g)).toHaveLength(2);
  expect(text.match(/AWS_ACCESS_KEY_ID/g)).toHaveLength(1);
  expect(builder).toContain('setup-buildx-action');
});

test('steps that would become one stay two where their env has other credentials', () => {
  const [IMAGE, BUILD] = [
    'r.dkr.ecr.eu-west-1.amazonaws.com/a:1',
    '        run: docker build -t r.dkr.ecr.eu-west-1.amazonaws.com/a:1 .\n',
  ];
  const push = `        run: docker push ${IMAGE}\n`;
  expect(told(job(`      - name: b\n${BUILD}      - name: p\n${push}`))).toContain('migrated whole');
  expect(told(job(`      - name: b\n${BUILD}      - name: p\n${PROD}${push}`))).toContain(
    'that builds it has another `AWS_ACCESS_KEY_ID`',
  );
  const render = (env: string) =>
    job(`      - id: render
${env}        uses: aws-actions/amazon-ecs-render-task-definition@v1
        with: { task-definition-family: web, container-name: web, image: a }
      - uses: aws-actions/amazon-ecs-deploy-task-definition@v2
        with: { task-definition: "\${{ steps.render.outputs.task-definition }}", service: web }
`);
  expect(told(render(''))).toContain('migrated whole');
  expect(told(render(PROD))).toContain('its render has another `AWS_ACCESS_KEY_ID`');
  const wait = (env: string) =>
    job(`      - name: deploy
        run: aws ecs update-service --cluster c --service s --task-definition web:12
      - name: wait
${env}        run: aws ecs wait services-stable --cluster c --services s
`);
  expect(told(wait(''))).toContain('wait: now a part of "deploy"');
  expect(told(wait(PROD))).not.toContain('now a part of');
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
