import { expect, test } from '@jest/globals';
import { migrateWorkflow } from '../src/migrate.ts';
import { reportOf } from '../src/report.ts';
import { job, PUSH } from './a-job.ts';
import { byHand, COMPOSED, type Composed, ENV, workflowOf } from './composed.ts';
import { type Played, play } from './play/play.ts';

// Builds of a compose file become steps of ours. What the file means, a person has written down beside it as commands of docker,
// and the suite of witnesses asks Compose itself.

function both(composed: Composed) {
  const { files, byHand: cases } = composed;
  const text = workflowOf(composed);
  const migration = migrateWorkflow(text, undefined, (path) => files[path]);
  if (!('text' in migration)) throw new Error('not read');
  const beside = { files, composed: byHand(cases) };
  return {
    outcome: migration.outcome,
    old: play(text, 'its name', {}, beside),
    now: play(migration.text, 'its name', {}, beside),
    text: migration.text,
  };
}

const compared = ({ pushed, failed }: Played) => ({ pushed, failed });

test.each(Object.entries(COMPOSED))('the same images: %s', (_, composed) => {
  const { outcome, old, now } = both(composed);
  expect([outcome, old.failed]).toEqual(['whole', []]);
  expect(compared(now)).toEqual(compared(old));
  expect(old.pushed).toHaveLength(composed.pushes);
});

const FILE = `services:
  web:
    image: \${REGISTRY}/web:\${TAG}
    build: {context: .}
`;
const SCRIPT = '      - run: docker compose build && docker compose push\n';

function reported(file: string, steps = SCRIPT, more: Readonly<Record<string, string>> = {}): string {
  const files: Readonly<Record<string, string>> = { 'docker-compose.yml': file, ...more };
  const migration = migrateWorkflow(job(steps, ENV), undefined, (path) => files[path]);
  return reportOf('w.yml', migration);
}

const build = (members: string) => FILE.replace('{context: .}', `{context: ., ${members}}`);

test.each([
  ['no file', 'services: {}\n', 'no service of its compose file has `build`'],
  [
    'a network',
    build('network: host'),
    'of the service web: build-and-scan-image has nothing for `build.network`',
  ],
  [
    'a Dockerfile in the file',
    build('dockerfile_inline: FROM scratch'),
    'nothing for `build.dockerfile_inline`',
  ],
  [
    'several platforms',
    build('platforms: [linux/amd64, linux/arm64]'),
    'several platforms, which Docker alone cannot keep',
  ],
  ['a number', build('args: {N: 012}'), 'YAML reads 012 as a number or a date: put it in quotes'],
  ['an argument without a value', build('args: [TOKEN]'), '$TOKEN is not set in this file'],
  [
    'a context elsewhere',
    build('context: ../other').replace('context: ., ', ''),
    '../other is outside of the workspace',
  ],
  [
    'another service',
    FILE.replace('build:', 'extends: {service: base}\n    build:'),
    'the service web extends another one',
  ],
  ['other files', `include: [more.yml]\n${FILE}`, 'docker-compose.yml includes other files'],
  ['a tag of YAML', build('args: !reset []'), 'docker-compose.yml is not read: Unresolved tag: !reset'],
  [
    'two images of one name',
    `${FILE}  job:\n    image: $REGISTRY/web:$TAG\n    build: ./job\n`,
    'the services web and job build two images with one name',
  ],
  ['no text of Compose', build('target: "$1"'), 'Compose does not read `$1`'],
])('left with a reason: %s', (_, file, why) => {
  const report = reported(file);
  expect(report).toContain('w.yml: migrated in part');
  expect(report).toContain(why);
});

const twoSteps = (first: string) => `      - name: Before\n        ${first}\n${SCRIPT}`;

test.each([
  [
    'writes the file',
    twoSteps('run: sed -i s/a/b/ docker-compose.yml'),
    'the step "Before" writes or changes docker-compose.yml',
  ],
  [
    'has another commit',
    twoSteps('run: git checkout release'),
    'the step "Before" writes or changes docker-compose.yml',
  ],
  [
    'has another repository',
    twoSteps('uses: actions/checkout@v4\n        with: {repository: acme/other}'),
    'the step "Before" writes or changes docker-compose.yml',
  ],
  [
    'has its own variable',
    SCRIPT.replace('docker compose build', 'TAG=v2\n          docker compose build').replace(
      'run: ',
      'run: |\n          ',
    ),
    'its script sets TAG and does not export it',
  ],
  [
    'has other files',
    SCRIPT.replaceAll('compose', 'compose -f other.yml'),
    'other.yml is not beside this workflow',
  ],
  [
    'takes an input',
    SCRIPT.replaceAll('compose', 'compose -f ${{ inputs.file }}'),
    'which file ${{ inputs.file }} is',
  ],
  [
    'builds without BuildKit',
    `${SCRIPT}        env: {DOCKER_BUILDKIT: "0"}\n`,
    '`DOCKER_BUILDKIT=0` also builds stages',
  ],
])('left because the workflow %s', (_, steps, why) => {
  expect(reported(FILE, steps)).toContain('w.yml: migrated in part');
  expect(reported(FILE, steps)).toContain(why);
});

test('a file of variables counts only where a runner surely has the same', () => {
  const file = build('args: {MODE: "${MODE}"}');
  expect(reported(file, SCRIPT, { '.env': 'MODE=1' })).toContain('w.yml: migrated whole');
  expect(reported(file, SCRIPT, { '.env': 'MODE=1', '.gitignore': 'dist\n.env\n' })).toContain(
    '.gitignore names .env, so a runner may not have it, and it sets MODE',
  );
  expect(reported(file, twoSteps('run: echo "$SECRETS" > .env'))).toContain(
    'the step "Before" writes or changes .env, which may set MODE',
  );
  expect(reported(FILE, twoSteps('run: echo "$SECRETS" > .env'))).toContain('w.yml: migrated whole');
});

test('a file that Git ignores is not read, and a setting of Compose is not taken from a file of variables', () => {
  const other = {
    'docker-compose.override.yml': 'services: {web: {build: {target: dev}}}\n',
    '.gitignore': '*.override.yml\n',
  };
  expect(reported(FILE, SCRIPT, other)).toContain(
    '.gitignore names docker-compose.override.yml, so a runner may not have it',
  );
  expect(reported(FILE, SCRIPT, { '.env': 'COMPOSE_FILE=other.yml' })).toContain(
    'a file of variables sets COMPOSE_FILE',
  );
});

test('what a bake file says is not read', () => {
  expect(reported(FILE, '      - run: docker buildx bake -f bake.hcl --push\n')).toContain(
    'left as it is, because a bake file decides what it builds',
  );
});

test('where a program of the job may write a file of variables, the script before the build looks', () => {
  const file = build('args: {MODE: "${MODE:-live}"}');
  const files: Readonly<Record<string, string>> = { 'docker-compose.yml': file };
  const migration = migrateWorkflow(
    job(`      - run: ./prepare\n${SCRIPT}`, ENV),
    undefined,
    (path) => files[path],
  );
  if (!('text' in migration)) throw new Error('not read');
  const played = (env: string) => play(migration.text, 'its name', {}, { files: { ...files, '.env': env } });
  expect(played('OTHER=1\n')).toMatchObject({ failed: [] });
  expect(played('OTHER=1\nMODE=dev\n').failed).toHaveLength(1);
  expect(played('export MODE = dev\n').pushed).toEqual([]);
});

test('two services with one image are one build, if both say the same', () => {
  const two = (value: string) =>
    `services:\n  web:\n    image: \${REGISTRY}/web:\${TAG}\n    build: {context: ., args: {A: 1}}\n  job:\n    image: \${REGISTRY}/web:\${TAG}\n    build: {context: ., args: {A: ${value}}}\n`;
  expect(reported(two('1'))).toContain('w.yml: migrated whole');
  expect(reported(two('2'))).toContain('build two images with one name');
});

test('a build inside of a container is none', () => {
  const text = PUSH.replace(
    'docker push',
    'docker compose -f test.yml run --rm web npm run build\n          docker push',
  );
  expect(reported(FILE, text)).toContain('w.yml: migrated whole');
});

test('what is built for tests alone is kept, and what Compose makes up stays where no file says it', () => {
  const unnamed = 'services:\n  web: {build: .}\n';
  const tests = '      - run: docker compose build\n      - run: docker compose run web npm test\n';
  expect(reported(unnamed, tests)).toContain('kept, because it builds, and pushes nothing itself');
  expect(reported(build('network: host'), tests)).toContain('kept, because it builds with Compose');
  const pushes = '      - run: docker tag acme-web $REGISTRY/web:1 && docker push $REGISTRY/web:1\n';
  expect(reported(unnamed, `${tests}${pushes}`)).toContain('w.yml: migrated in part');
  expect(reported(`name: acme\n${unnamed}`, `${tests}${pushes}`)).toContain('w.yml: migrated whole');
});
