import { expect, test } from '@jest/globals';
import { migrateWorkflow } from '../src/migrate.ts';
import { inForce, job, PUSH, told } from './a-job.ts';

const RESTART = 'run: aws ecs update-service --cluster a --service b --force-new-deployment\n';

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

test.each([
  // The deploy asks what the render asks, and more, or one of several that the render takes.
  ["github.ref == 'a'", "${{ github.ref=='a' && inputs.go }}", ''],
  ["github.ref == 'a' || github.ref == 'b'", "github.ref == 'b'", ''],
  ['(inputs.a || inputs.b) && success()', 'inputs.c && (inputs.b || inputs.a)', ''],
  ["contains(github.ref, 'a || b')", "(contains(github.ref, 'a || b'))", ''],
  // The job asks it.
  ["github.ref == 'a'", '', "    if: github.ref == 'a' && inputs.go\n"],
  ['inputs.a', '', '    if: inputs.a || inputs.b\n', 'left'],
  ["github.ref == 'a'", "github.ref == 'a' || inputs.go", '', 'left'],
  ["github.ref == 'a'", "!(github.ref == 'a')", '', 'left'],
  ['inputs.a && inputs.b', 'inputs.a || inputs.b', '', 'left'],
  ['inputs.a', 'inputs.a && always()', '', 'left'],
  ['inputs.a', 'inputs.a && !success()', '', 'left'],
  ["steps.late.outputs.x != 'a'", "steps.late.outputs.x != 'a'", '', 'left'],
])(
  'a render goes into a deploy that runs only where it has run: %j, %j, %j',
  (render, deploy, guard, left = '') => {
    const condition = (text: string) => (text === '' ? '' : `        if: ${JSON.stringify(text)}\n`);
    const text = job(
      `      - id: render
${condition(render)}        uses: aws-actions/amazon-ecs-render-task-definition@v1
        with: { task-definition: task.json, container-name: web, image: "a:1" }
      - id: late
        run: echo "x=b" >> $GITHUB_OUTPUT
      - uses: aws-actions/amazon-ecs-deploy-task-definition@v2
${condition(deploy)}        with:
          task-definition: \${{ steps.render.outputs.task-definition }}
          service: web
`,
      guard,
    );
    expect(told(text)).toContain(left === '' ? 'migrated whole' : 'its render has another `if`');
  },
);

test('an image of another registry, or of one that this file does not name, is left to ECS where it has a tag', () => {
  const deploy = (image: string) =>
    inForce(
      job(`      - id: render
        uses: aws-actions/amazon-ecs-render-task-definition@v1
        with: { task-definition: task.json, container-name: web, image: "${image}" }
      - uses: aws-actions/amazon-ecs-deploy-task-definition@v2
        with: { task-definition: "\${{ steps.render.outputs.task-definition }}", service: web }
`),
    );
  const patch = (image: string) =>
    `task-definition-patch: |-\n            containerDefinitions:\n              web:\n                image: "${image}"\n`;
  for (const image of ['rabbitmq:3', 'r.dkr.ecr.us-east-1.amazonaws.com/a:1', '${{ inputs.image }}']) {
    expect(deploy(image)).toContain(patch(image));
    expect(deploy(image)).not.toContain('images:');
  }
  const own = '${{ steps.ecr.outputs.registry }}/a:1';
  expect(deploy(own)).toContain(`images: web=${own}\n`);
});

test('a step that registers a task definition and deploys nothing stays, and what nobody reads is told', () => {
  const step = (more: string) =>
    job(`      - uses: aws-actions/amazon-ecs-deploy-task-definition@v2
        with:
          task-definition: task.json
${more}`);
  expect(migrateWorkflow(step(''))).toMatchObject({ outcome: 'nothing', text: step('') });
  expect(told(step('          service: web\n          image: a\n'))).toContain(
    'image: dropped, because the action never had such an input',
  );
  expect(told(step('          service: web\n          unheard-of: a\n'))).toContain('does not know');
});

test('a family is deployed in its newest revision, as update-service does', () => {
  const restart = (family: string) =>
    job(
      `      - run: aws ecs update-service --cluster c --service s --region eu-west-1 --task-definition ${family}\n`,
    );
  expect(inForce(restart('web'))).toContain(
    'NEWEST_REVISION=$(aws ecs describe-task-definition --task-definition web --region eu-west-1 --query taskDefinition.taskDefinitionArn --output text)',
  );
  expect(inForce(restart('web'))).toContain('revision: ${{ steps.step-3-script.outputs.NEWEST_REVISION }}');
  expect(inForce(restart('web:3'))).toContain('revision: web:3');
});

const CREDENTIALS = (role: string, session = 'one') =>
  `      - uses: aws-actions/configure-aws-credentials@v4
        with: { role-to-assume: "${role}", aws-region: eu-west-1, role-session-name: "\${{ github.job }}-${session}" }
`;

test.each([
  ['another role', CREDENTIALS('other'), false],
  ['the same role again', CREDENTIALS('build', 'two'), true],
  ['another region by the environment', '      - run: echo AWS_REGION=us-east-1 >> $GITHUB_ENV\n', false],
  ['none', '', true],
])('an image of the login is of the deploy only with the same credentials: %s', (_, between, same) => {
  const built = PUSH.replace('acme/orders:1', 'a:1');
  const login = '      - id: ecr\n        uses: aws-actions/amazon-ecr-login@v2\n';
  const rendered = `${between}      - id: render
        uses: aws-actions/amazon-ecs-render-task-definition@v1
        with: { task-definition: task.json, container-name: web, image: "\${{ steps.ecr.outputs.registry }}/a:1" }
      - uses: aws-actions/amazon-ecs-deploy-task-definition@v2
        with: { task-definition: "\${{ steps.render.outputs.task-definition }}", service: web }
`;
  const put = (steps: string) => job(steps).replace(login, CREDENTIALS('build') + login);
  const live = inForce(put(built + rendered));
  expect(live.includes('images: web=')).toBe(same);
  expect(live.includes('task-definition-patch')).toBe(!same);
  const restarted = told(put(`${built}${between}      - ${RESTART}`));
  expect(restarted.includes('other AWS credentials push')).toBe(!same);
});

test('a step that names the credentials of the job again has the same', () => {
  const keys = (id: string) => `      - uses: aws-actions/configure-aws-credentials@v4
        with: { aws-access-key-id: "\${{ secrets.${id} }}", aws-secret-access-key: "\${{ secrets.KEY }}", aws-region: eu-west-1 }
`;
  const login = '      - id: ecr\n        uses: aws-actions/amazon-ecr-login@v2\n';
  const again = '        env: { AWS_ACCESS_KEY_ID: "${{secrets.ID}}", AWS_REGION: eu-west-1 }\n';
  const text = (id: string) =>
    job(`${PUSH}      - ${RESTART.replace(/\n$/, '')}\n${again}`).replace(login, keys(id) + login);
  expect(inForce(text('ID'))).toContain('images:');
  expect(told(text('OTHER'))).toContain('other AWS credentials push');
});

test('a wait with a limit of its own, or after a deploy with one, stays', () => {
  const text = (deploy: string, wait: string) =>
    inForce(
      job(`      - ${deploy}run: aws ecs update-service --cluster c --service s --task-definition s:1
      - ${wait}run: aws ecs wait services-stable --cluster c --services s
`),
    );
  const limit = 'timeout-minutes: 2\n        ';
  expect(text('', '')).not.toContain('services-stable');
  for (const live of [text(limit, ''), text('', limit)]) {
    expect(live).toContain('run: aws ecs wait services-stable');
    expect(live).toContain('wait: false');
  }
});
