import { expect, test } from '@jest/globals';
import { migrateWorkflow } from '../src/migrate.ts';
import { inForce, job, told } from './a-job.ts';

const IMAGE = 'r.dkr.ecr.eu-west-1.amazonaws.com/a:1';

/** A job with one script, in which BUILD and PUSH stand for the two commands. */
function script(lines: string, more = ''): string {
  const text = lines
    .replaceAll('BUILD', `docker build -t ${IMAGE} .`)
    .replaceAll('PUSH', `docker push ${IMAGE}`)
    .replaceAll('\n', '\n          ');
  return job(`      - run: |\n          ${text}\n${more}`);
}

/** The scripts that are in force, each in one line. */
function scriptsIn(text: string): readonly string[] {
  return [...inForce(text).matchAll(/run: (?:\|\d?-?\n)?((?:.*\n)(?: {10,}.*\n)*)/g)].map(([, lines = '']) =>
    lines
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .join('; '),
  );
}

test.each([
  // A test or a scan looks at the image before anybody has it.
  ['BUILD\n./smoke.sh\nPUSH', `./smoke.sh; docker push ${IMAGE}`],
  [`BUILD\ndocker run --rm ${IMAGE} test\nPUSH`, `docker run --rm ${IMAGE} test; docker push ${IMAGE}`],
  ['BUILD\necho "$(./smoke.sh)"\nPUSH', `echo "$(./smoke.sh)"; docker push ${IMAGE}`],
  // Whether it is pushed, and as what, only the shell knows.
  ['BUILD\ntest -f x && PUSH', `test -f x && docker push ${IMAGE}`],
  ['BUILD\nPUSH || true', `docker push ${IMAGE} || true`],
  [
    'BUILD\nfor t in a b; do docker tag x $t; docker push $t; done',
    'for t in a b; do docker tag x $t; docker push $t; done',
  ],
  // What comes after the push still finds it.
  [`BUILD\nPUSH\ndocker rmi ${IMAGE}`, `docker push ${IMAGE}; docker rmi ${IMAGE}`],
  [
    `BUILD\nPUSH\ndocker inspect -f '{{.RepoDigests}}' ${IMAGE}`,
    `docker push ${IMAGE}; docker inspect -f '{{.RepoDigests}}' ${IMAGE}`,
  ],
])('the image stays in Docker, and commands push it as before: %s', (lines, rest) => {
  const text = script(lines);
  expect(told(text)).toContain('migrated whole');
  expect(inForce(text)).toMatch(
    /build-and-scan-image@v0\.1\.0\n +with:\n +contract: none\n +tags: .*\n +push: false\n +load: true\n/,
  );
  expect(scriptsIn(text)).toEqual([rest]);
});

test('what only the shell knows of a name is asked once, before the build', () => {
  const text = script(
    'docker build -t app:$(git describe) --build-arg V="${V:-1}" .\ndocker push app:$(git describe)',
  );
  expect(scriptsIn(text)).toEqual([
    'BUILD_VALUE_1=$(git describe) || true; BUILD_VALUE_2=${V:-1}; ' +
      'echo "BUILD_VALUE_1=$BUILD_VALUE_1" >> "$GITHUB_OUTPUT"; printf \'%s\\n\' "BUILD_VALUE_2<<END_OF_BUILD_VALUE_2" "$BUILD_VALUE_2" "END_OF_BUILD_VALUE_2" >> "$GITHUB_OUTPUT"',
    'docker push app:$(git describe)',
  ]);
  expect(inForce(text)).toContain('tags: app:${{ steps.step-3-script.outputs.BUILD_VALUE_1 }}');
});

test('a variable that this file does not set has the value that the shell of its place has', () => {
  const text = job(`      - run: |
          docker build -t \${{ steps.ecr.outputs.registry }}/$NAME:1 .
          docker push \${{ steps.ecr.outputs.registry }}/$NAME:1
`);
  expect(scriptsIn(text)).toEqual(['echo "NAME=$NAME" >> "$GITHUB_OUTPUT"']);
  expect(inForce(text)).toContain(
    'tags: ${{ steps.ecr.outputs.registry }}/${{ steps.step-3-script.outputs.NAME }}:1\n          push: true',
  );
});

const TWO = (between: string, ifOfPush = '') =>
  job(`      - run: docker build -t ${IMAGE} .
${between}      - run: docker push ${IMAGE}
${ifOfPush}`);

test.each([
  '      - uses: snyk/actions/docker@master\n        with: { image: app:1 }\n',
  '      - run: ./smoke.sh\n',
  '      - run: cp release.env .env\n',
  '      - uses: actions/checkout@v4\n        with: { ref: release }\n',
])('a build stays before a step that may look at it or change its files: %s', (between) => {
  const text = TWO(between);
  expect(told(text)).toContain('migrated whole');
  expect(told(text)).toContain('kept, because it pushes what the new step before it loads into Docker');
  const [build, rest = ''] = inForce(text).split('load: true\n');
  expect(build).toContain('push: false');
  expect(rest).toContain(`${between}      - run: docker push ${IMAGE}\n`);
  expect(inForce(TWO(''))).toContain('push: true');
});

test('what was migrated so is found done the second time', () => {
  for (const text of [TWO('      - run: ./smoke.sh\n'), script('BUILD\n./smoke.sh\nPUSH')]) {
    const once = migrateWorkflow(text);
    const again = migrateWorkflow('text' in once ? once.text : '');
    expect(again).toMatchObject({ outcome: 'nothing', text: 'text' in once ? once.text : '' });
  }
});

test('a build that runs where its push does not stays apart from it', () => {
  const text = TWO('', "        if: github.ref == 'refs/heads/main'\n");
  expect(inForce(text)).toContain('push: false');
  expect(inForce(text)).toContain("        if: github.ref == 'refs/heads/main'\n");
});

test('an image that a later step uses is loaded, and one that nobody uses is not', () => {
  const after = (step: string) => inForce(script('BUILD\nPUSH', step));
  expect(after(`      - run: docker run ${IMAGE} migrate\n`)).toContain('push: true\n          load: true');
  expect(after('      - uses: aquasecurity/trivy-action@v1\n        with: { image-ref: a }\n')).toContain(
    'load: true',
  );
  expect(after('      - run: docker logout\n')).not.toContain('load');
  expect(after('      - run: npm test\n')).not.toContain('load');
});

test('an action that builds, and a command that pushes, stay two', () => {
  const two = (more: string) =>
    job(`      - uses: docker/setup-buildx-action@v3
      - uses: docker/build-push-action@v6
        with:
          context: .
          tags: app:1
${more}      - run: |
          docker tag app:1 ${IMAGE}
          docker push ${IMAGE}
`);
  expect(told(two('          load: true\n'))).toContain('migrated whole');
  expect(inForce(two('          load: true\n'))).toContain('tags: app:1\n          push: false\n');
  // Without it, the builder keeps the image, and the push would find none.
  expect(migrateWorkflow(two(''))).toMatchObject({ outcome: 'in part', text: two('') });
});

test('a push of what a build that stays has made stays with it', () => {
  const text = TWO('').replace('docker build -t', 'docker build --ssh default -t');
  expect(migrateWorkflow(text)).toMatchObject({ outcome: 'in part', text });
  expect(told(text)).toContain('pushes what no build of this job that can be replaced has made');
});

test('a copy of an image of others is no build', () => {
  const text = job(`      - run: |
          docker pull public.ecr.aws/x/y:3
          docker tag public.ecr.aws/x/y:3 ${IMAGE}
          docker push ${IMAGE}
`);
  expect(migrateWorkflow(text)).toMatchObject({ outcome: 'nothing', text });
  expect(told(text)).toContain('it copies an image that the job has pulled');
});

test('a restart after commands have pushed the image names it by what they pushed', () => {
  const restart = '      - run: aws ecs update-service --cluster c --service s --force-new-deployment\n';
  const text = script('BUILD\n./smoke.sh\nPUSH', restart);
  expect(told(text)).toContain('migrated whole');
  expect(inForce(text)).toContain(`images: ${IMAGE}\n          resolve: tag`);
  const unclear = script('BUILD\n./smoke.sh\ntest -f x && PUSH', restart);
  expect(told(unclear)).toContain('this file does not say what the job has pushed');
  expect(inForce(unclear)).not.toContain('images:');
});

test('a builder that is added is for our builds alone where another step builds', () => {
  const compose = '      - run: docker compose up --build -d\n';
  const live = inForce(script('BUILD\nPUSH', compose));
  expect(live).toContain('id: image-builder\n        uses: docker/setup-buildx-action');
  expect(live).toContain('use: false');
  expect(live).toContain('BUILDX_BUILDER: ${{ steps.image-builder.outputs.name }}');
  expect(live).toContain('builder: buildx');
  expect(inForce(script('BUILD\nPUSH'))).not.toContain('BUILDX_BUILDER');
});

const TAGGED = `docker build -t ${IMAGE} .\ndocker tag ${IMAGE} app:test\ndocker push ${IMAGE}`;
const RUN = '      - run: docker run app:test ./check\n';

test.each([
  ['a name by docker tag', script(TAGGED, RUN)],
  ['a name of the build', script(`docker build -t ${IMAGE} -t app:test .\nPUSH`, RUN)],
  [
    'a step of its own',
    job(`      - run: docker build -t app:test .
      - run: docker tag app:test ${IMAGE} && docker push ${IMAGE}
${RUN}`),
  ],
])('a name that only Docker knows is still there for later steps: %s', (_, text) => {
  const live = inForce(text);
  expect(told(text)).toContain('migrated whole');
  expect(live).toContain('push: false\n          load: true\n');
  expect(live).toMatch(/tags: app:test|\n +app:test\n|docker tag \S+ app:test/);
  expect(live).toContain(`docker push ${IMAGE}`);
});

test('another tag of a pushed image is not asked of ECR before it is pushed', () => {
  const latest = IMAGE.replace(':1', ':latest');
  const text = script(
    `BUILD\ndocker tag ${IMAGE} ${latest}\nPUSH`,
    `      - run: docker run ${latest} ./check\n      - run: docker push ${latest}\n`,
  );
  expect(told(text)).toContain('migrated whole');
  expect(scriptsIn(text)[0]).toBe(`docker tag ${IMAGE} ${latest}; docker push ${IMAGE}`);
  expect(inForce(text)).toContain('push: false\n          load: true\n');
});

test('a name that nobody uses is told, and the step pushes', () => {
  const text = script(TAGGED);
  expect(inForce(text)).toContain('push: true');
  expect(told(text)).toContain('docker tag app:test: dropped, because nobody pushes this name');
});

test('a base that only Docker has is told', () => {
  const base = '      - run: docker build -t base:local -f Dockerfile.base .\n';
  const own = `      - run: docker build -t ${IMAGE} . && docker push ${IMAGE}\n`;
  expect(told(job(base + own))).toContain("a builder of buildx does not see Docker's images");
  expect(told(job(own))).not.toContain("does not see Docker's images");
});

test.each([
  ['builds of two conditions', "if: github.ref == 'a'\n        ", "if: github.ref != 'a'\n        ", '', 2],
  ['builds of one condition', "if: github.ref == 'a'\n        ", "if: github.ref == 'a'\n        ", '', 1],
  ['a build without one', '', "if: github.ref != 'a'\n        ", '', 1],
  [
    'a builder of another condition',
    '',
    '',
    '      - if: inputs.x\n        uses: docker/setup-buildx-action@v3\n',
    2,
  ],
  ['a builder', '', '', '      - uses: docker/setup-buildx-action@v3\n', 1],
])('every build finds a builder where it runs: %s', (_, one, two, before, builders) => {
  const push = `run: docker build -t ${IMAGE} . && docker push ${IMAGE}\n`;
  const text = job(`${before}      - ${one}${push}      - ${two}${push}`);
  expect(told(text)).toContain('migrated whole');
  expect(inForce(text).split('docker/setup-buildx-action@')).toHaveLength(builders + 1);
});

test.each(['timeout-minutes: 3', 'continue-on-error: true'])(
  'a build does not get what holds for its push alone, or lose its own: %s',
  (member) => {
    const text = (build: string, push: string) =>
      inForce(
        job(`      - ${build}run: docker build -t ${IMAGE} .\n      - ${push}run: docker push ${IMAGE}\n`),
      );
    for (const live of [text('', `${member}\n        `), text(`${member}\n        `, '')]) {
      expect(live).toContain('push: false');
      expect(live).toContain(`run: docker push ${IMAGE}\n`);
    }
    expect(text(`${member}\n        `, `${member}\n        `)).toContain('push: true');
  },
);
