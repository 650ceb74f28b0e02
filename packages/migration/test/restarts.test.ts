import { expect, test } from '@jest/globals';
import { inForce, job, PUSH, told } from './a-job.ts';

test('a restart without an image that the job has pushed is one still, and the report says why', () => {
  const restart = '      - run: aws ecs update-service --cluster a --service b --force-new-deployment\n';
  expect(told(job(restart))).toContain(
    'the image: same, what the task definition names: the job pushes no image',
  );
  expect(told(job(restart))).toContain('`images: REGISTRY/REPOSITORY:TAG` and `resolve: tag`');
  const twice = job(`${PUSH}${PUSH.replace('id: image', 'id: other')}${restart}`);
  expect(told(twice)).toContain('the job pushes 2 images, several of them to ');
  for (const text of [job(restart), twice]) {
    expect(inForce(text)).toContain(`          service: b
          service-update: "forceNewDeployment: true"
          if-in-progress: replace
`);
    expect(inForce(text)).not.toContain('resolve');
  }
});

test('a restart that also runs where the build does not keeps its own way', () => {
  const restart = (condition: string) =>
    job(`${PUSH.replace('        env:', "        if: github.ref == 'a'\n        env:")}      - if: ${condition}
        run: aws ecs update-service --cluster a --service b --force-new-deployment
`);
  expect(told(restart("github.ref == 'a' || inputs.restart"))).toContain('the two have another `if`');
  expect(inForce(restart("github.ref == 'a' || inputs.restart"))).not.toContain('images:');
  for (const condition of ["github.ref == 'a'", "always() && steps.image.outcome == 'success'"])
    expect(inForce(restart(condition))).toContain('images:');
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
  'a restart that may run without a push of its image restarts what runs: %j, %j, %j',
  (build, push, restart, why) => {
    const text = inThree(build, push, restart);
    expect(inForce(text)).toContain('service-update: "forceNewDeployment: true"');
    expect(inForce(text)).not.toContain('images:');
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
  expect(inForce(text)).not.toContain('images:');
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

test('two restarts of one service do the same: one of an image by digest would fix what the other finds', () => {
  const text = job(`${PUSH}      - ${RESTART}      - if: always()
        ${RESTART}      - ${RESTART.replace('service b', 'service c')}`);
  const [, first = '', again = '', other = ''] = inForce(text).split('deploy-ecs-service@');
  for (const restart of [first, again]) expect(restart).not.toContain('images:');
  expect(other).toContain('images:');
  expect(told(text)).toContain('another step of the job restarts the service without one');
});

test('several services that get the one image are told', () => {
  const says = 'A service that runs none of them fails, and changes nothing: keep its old step';
  expect(told(job(`${PUSH}      - ${RESTART}`))).not.toContain(says);
  expect(
    told(job(`${PUSH}      - ${RESTART}      - ${RESTART.replace('service b', 'service c')}`)),
  ).toContain(says);
});
