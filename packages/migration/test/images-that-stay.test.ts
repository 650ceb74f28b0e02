import { expect, test } from '@jest/globals';
import { migrateWorkflow } from '../src/migrate.ts';
import { inForce, job, PUSH, told } from './a-job.ts';
import { play } from './play/play.ts';

const R = '${{ steps.ecr.outputs.registry }}';
const RESTART = 'aws ecs update-service --cluster a --service b --force-new-deployment';
const step = (...lines: readonly string[]) =>
  `      - run: |\n${lines.map((line) => `          ${line}\n`).join('')}`;

const migrated = (text: string) => {
  const migration = migrateWorkflow(text);
  return 'text' in migration ? migration.text : '';
};
/** What it does when it is played, without what it prints. */
const does = (text: string) => ({ ...play(text), said: undefined });
const BUILDS_STAY = { outcome: 'in part', of: { builds: 'in part', deploys: 'whole' } };

test.each([
  ['compose', ['docker compose build', `docker tag shop $R/web:1`, 'docker push $R/web:1'], '$R/web:1'],
  [
    'a name that only the shell knows',
    ['TAG=$(git rev-parse HEAD)', './gradlew bootBuildImage', 'docker push $R/web:$TAG'],
    '${{ steps.step-3-script.outputs.TAG }}',
  ],
  [
    'two names of one image',
    [
      'make image',
      'docker tag x $R/web:1',
      'docker tag x $R/web:latest',
      'docker push $R/web:1',
      'docker push $R/web:latest',
    ],
    '$R/web:1',
  ],
  [
    'a build in a loop',
    ['while [ -f Dockerfile ]; do docker build -t $R/web:1 .; break; done', 'docker push $R/web:1'],
    '$R/web:1',
  ],
])('a restart leaves a script whose build stays, with the image that it pushes: %s', (_, script, image) => {
  const text = job(step(...script.map((line) => line.replaceAll('$R', R)), RESTART, 'echo done'));
  const live = inForce(text);
  expect(migrateWorkflow(text)).toMatchObject(BUILDS_STAY);
  expect(live).toContain(image.replaceAll('$R', R));
  expect(live).toContain('resolve: tag\n');
  expect(live).not.toContain(RESTART);
  for (const line of script) expect(live).toContain(line.replaceAll('$R', R));
  expect(does(migrated(text))).toEqual(does(text));
});

test('a restart after steps that stay deploys what they push, and the report names the gate', () => {
  const text = job(`      - run: ./gradlew bootBuildImage
      - run: docker push ${R}/web:1
      - run: ${RESTART}
`);
  expect(migrateWorkflow(text)).toMatchObject(BUILDS_STAY);
  expect(inForce(text)).toContain(`images: ${R}/web:1\n          resolve: tag`);
  expect(told(text)).toContain(
    'Its deploys to ECS are migrated whole. A build or a push for ECR stays as it is.',
  );
  expect(told(text)).toContain(`put a step of gate-on-ecr-findings before it, with \`image: ${R}/web:1\``);
});

test.each([
  ['two images', [`docker push ${R}/web:web`, `docker push ${R}/web:worker`]],
  [
    'a name given to two images',
    [
      `docker tag a ${R}/w:1`,
      `docker push ${R}/w:1`,
      `docker tag b ${R}/w:1`,
      `docker tag ${R}/w:1 ${R}/w:2`,
      `docker push ${R}/w:2`,
    ],
  ],
  [
    'two builds of one name',
    [
      `docker build -t a . && docker tag a ${R}/w:1 && docker push ${R}/w:1`,
      `docker build -t a b`,
      `docker tag a ${R}/w:2`,
      `docker push ${R}/w:2`,
    ],
  ],
  ['a name of a pipe', [`docker images -q | xargs -n 1 docker push`]],
  ['compose pushes too', [`docker push ${R}/web:1`, 'docker compose push']],
  ['a build of a condition', [`if true; then docker build -t ${R}/web:1 --push .; fi`]],
  [
    'a push of a condition',
    ['docker build -t a .', `docker tag a ${R}/a:1`, `if true; then docker push ${R}/a:1; fi`],
  ],
  ['a variable with another value later', ['T=$(git describe)', `docker push ${R}/web:$T`, 'T=other']],
  ['no push', ['docker tag a b']],
])('a service is restarted with what it runs where the image is not certain: %s', (_, script) => {
  for (const text of [
    job(`${step('make images', ...script)}      - run: ${RESTART}\n`),
    job(step('make images', ...script, RESTART)),
  ]) {
    expect(migrateWorkflow(text)).toMatchObject({ of: { deploys: 'whole' } });
    expect(inForce(text)).not.toContain('images:');
    expect(inForce(text)).toContain('service-update: "forceNewDeployment: true"');
    expect(told(text)).toContain('the image: same, what the task definition names: ');
    expect(told(text)).toContain('A service is restarted with what its task definition names, as before.');
    expect(does(migrated(text))).toEqual(does(text));
  }
});

test('a script that may end before its push is no certain push', () => {
  const pushed = step('make image', '[ -f push ] || exit 0', `docker push ${R}/web:1`);
  expect(inForce(job(`${pushed}      - run: ${RESTART}\n`))).not.toContain('images:');
});

test('a restart before the push of an image does not deploy that image', () => {
  const early = `${RESTART} --region early`;
  for (const text of [
    job(step('make image', early, `docker push ${R}/web:1`, RESTART)),
    job(`${step('make image', early, `docker push ${R}/web:1`)}      - run: ${RESTART}\n`),
  ]) {
    const [, before = '', after = ''] = inForce(text).split('deploy-ecs-service@');
    expect(before).toContain('region: early');
    expect(before).not.toContain('images:');
    expect(after).toContain(`images: ${R}/web:1\n`);
    expect(does(migrated(text))).toEqual(does(text));
  }
});

test('a service takes of an image that a new step builds and one that stays what it runs', () => {
  const text = job(`${PUSH}      - run: docker push ${R}/other:1\n      - run: ${RESTART}\n`);
  expect(migrateWorkflow(text)).toMatchObject(BUILDS_STAY);
  expect(inForce(text)).toContain(`          images: |-
            \${{ steps.image.outputs.image }}
            ${R}/other:1
          unused-images: leave-out
          resolve: tag
`);
});

test('what compose builds is not of the build that a new step loads', () => {
  const text = job(`      - run: docker build -t ${R}/web:1 .
      - run: ./smoke.sh && docker compose build
      - run: docker push ${R}/web:1
      - run: docker push ${R}/worker:1
`);
  expect(migrateWorkflow(text)).toMatchObject({ outcome: 'in part', of: { builds: 'in part' } });
  expect(told(text)).toContain(`left as it is, because \`docker push ${R}/worker:1\` pushes what no build`);
});

test('a build is not lost where the step that pushes it stays', () => {
  const text = job(`      - run: docker build --ssh default -t base .
      - run: docker build -t ${R}/web:1 .
      - run: |
          docker push ${R}/web:1
          docker images -q | xargs -n 1 docker push
          ${RESTART}
`);
  expect(does(migrated(text))).toEqual(does(text));
  expect(inForce(text)).toContain(`docker build -t ${R}/web:1`);
  expect(inForce(text)).not.toContain(RESTART);
});

test('a variable that is set again after the push is not the name of the image', () => {
  const text = job(`      - run: echo TAG=1 >> $GITHUB_ENV
      - run: docker push ${R}/web:$TAG
      - run: echo TAG=2 >> $GITHUB_ENV
      - run: ${RESTART}
`);
  expect(inForce(text)).not.toContain('images:');
});

test('a push to another registry is no build for ECR', () => {
  const deploy = '      - run: aws ecs update-service --cluster a --service b --task-definition b:1\n';
  const text = job(`${deploy}      - run: docker push ghcr.io/acme/web:1\n`);
  expect(migrateWorkflow(text)).toMatchObject({
    outcome: 'whole',
    of: { builds: 'nothing', deploys: 'whole' },
  });
  expect(told(text)).toContain('kept, because it pushes to ghcr.io, and not to ECR');
});
