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

test('a restart that also runs where the build does not keeps its own way', () => {
  const restart = (condition: string) =>
    job(`${PUSH.replace('        env:', "        if: github.ref == 'a'\n        env:")}      - if: ${condition}
        run: aws ecs update-service --cluster a --service b --force-new-deployment
`);
  expect(told(restart("github.ref == 'a' || inputs.restart"))).toContain('the two have another `if`');
  expect(told(restart("github.ref == 'a'"))).toContain('migrated whole');
  expect(told(restart("always() && steps.image.outcome == 'success'"))).toContain('migrated whole');
});

const RESTART = 'run: aws ecs update-service --cluster a --service b --force-new-deployment\n';
const NAME = 'r.dkr.ecr.eu-west-1.amazonaws.com/a:1';

/** A build that commands push after a test, and a restart, each with members of its own. */
const inThree = (build: string, push: string, restart: string) =>
  job(`      - ${build}run: docker build -t ${NAME} .
      - run: ./smoke.sh
      - ${push}run: docker push ${NAME}
      - ${restart}${RESTART}`);

test.each([
  // The push does not run everywhere.
  ['', "if: github.ref == 'a'\n        ", '', 'the two have another `if`'],
  // The restart runs where the push has failed.
  ['', 'continue-on-error: true\n        ', '', 'has failed'],
  [
    '',
    'id: p\n        continue-on-error: true\n        ',
    "if: steps.p.conclusion == 'success'\n        ",
    'has failed',
  ],
  ['continue-on-error: true\n        ', '', '', 'has failed'],
  ['', '', 'if: always()\n        ', 'has failed'],
  ['', '', 'if: "!cancelled()"\n        ', 'has failed'],
  ["if: github.ref == 'a'\n        ", "if: github.ref == 'a'\n        ", '', 'the two have another `if`'],
])(
  'a restart that may run without a push of its image keeps its own way: %j, %j, %j',
  (build, push, restart, why) => {
    const text = inThree(build, push, restart);
    expect(inForce(text)).toContain(RESTART);
    expect(told(text)).toContain(why);
  },
);

test.each([
  ["if: github.ref == 'a'\n        ", "if: github.ref == 'a'\n        "],
  ['id: p\n        continue-on-error: true\n        ', "if: steps.p.outcome == 'success'\n        "],
])('a restart that only runs after a push of its image deploys it: %j, %j', (push, restart) => {
  expect(inForce(inThree('', push, restart))).toContain(`images: ${NAME}\n          resolve: tag`);
});

test.each([
  ['continue-on-error: true\n        ', ''],
  ['', 'if: always()\n        '],
])('a restart after a step that builds and pushes is judged the same way: %j, %j', (build, restart) => {
  const text = job(`      - ${build}run: docker build -t ${NAME} . && docker push ${NAME}
      - ${restart}${RESTART}`);
  expect(inForce(text)).toContain(RESTART);
  expect(told(text)).toContain('has failed');
});

test('a build does not get the forgiveness of a later push', () => {
  const text = job(`      - run: docker build -t ${NAME} .
      - continue-on-error: true
        run: docker push ${NAME}
`);
  expect(inForce(text)).toContain('push: false');
  expect(inForce(text)).toContain(`        run: docker push ${NAME}\n`);
});

test('what belongs to a step that stays stays too', () => {
  const text = job(`      - name: build
        run: docker build -t r.dkr.ecr.eu-west-1.amazonaws.com/a:1 .
      - name: push
        id: push
        run: docker push r.dkr.ecr.eu-west-1.amazonaws.com/a:1
      - run: aws ecs update-service --cluster a --service b --force-new-deployment
      - run: aws ecs update-service --cluster a --service c --task-definition c:4
      - run: echo \${{ steps.push.outputs.size }}
`);
  expect(told(text)).toContain('build: left as it is, because the step "push" that it belongs to is left');
  const live = inForce(text);
  expect(live).toContain('docker build -t');
  expect(live).toContain('--service b --force-new-deployment');
  expect(live).toContain('revision: c:4');
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
  expect(restarted.includes('with other AWS credentials')).toBe(!same);
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

test('each service is given all images that the job pushes, where they are of several repositories', () => {
  const other = PUSH.replace('id: image', 'id: other').replace('acme/orders', 'acme/worker');
  const live = inForce(
    job(
      `${PUSH}${other.replace('      - id: other\n        env', '      - env')}      - ${RESTART}      - ${RESTART.replace('service b', 'service c')}`,
    ),
  );
  const images = `          images: |-
            \${{ steps.image.outputs.image }}
            \${{ steps.pushed-image.outputs.image }}
          unused-images: leave-out
          resolve: tag
`;
  expect(live.split(images)).toHaveLength(3);
  expect(live).toContain('id: pushed-image\n');
});

test('several services that get the one image are told', () => {
  const says = 'A service that runs none of them fails, and changes nothing: keep its old step';
  expect(told(job(`${PUSH}      - ${RESTART}`))).not.toContain(says);
  expect(
    told(job(`${PUSH}      - ${RESTART}      - ${RESTART.replace('service b', 'service c')}`)),
  ).toContain(says);
});
