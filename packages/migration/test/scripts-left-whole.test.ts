import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { migrateWorkflow } from '../src/migrate.ts';
import { job, PUSH, told } from './a-job.ts';

test.each([
  // A guard ends its script, and could not end the steps that it became.
  [
    'if true; then if [ "$GITHUB_REF" != x ]; then exit 0; fi; fi\n$BUILD\n$PUSH',
    '`exit`, which acts on the whole script',
  ],
  [
    '[ "$GITHUB_REF" = x ] && docker push $I',
    'pushes what no build of this job that can be replaced has made',
  ],
  ['docker pull x && $BUILD && $PUSH', 'is joined by `&&` to a command that would become a step'],
  ["trap 'docker logout' EXIT\n$BUILD\n$PUSH", '`trap`, which acts on the whole script'],
  ['${{ inputs.before }}\n$BUILD\n$PUSH', 'does not say what `${{ inputs.before }}` of its script runs'],
  // A test or a scan before the push would come after it.
  ['$BUILD \\\n  && ./smoke.sh $I\n$PUSH', 'with other commands after its first build'],
  // Credentials and settings that a shell has, a new step has not.
  ['export AWS_SESSION_TOKEN=$(./assume.sh)\n$BUILD\n$PUSH', 'changes the sign-in'],
  ['AWS_REGION=eu-west-1\n$BUILD\n$PUSH', 'changes the sign-in'],
  ['export DOCKER_HOST=tcp://builder\n$BUILD\n$PUSH', 'changes the sign-in'],
  ['export $(cat .env)\n$BUILD\n$PUSH', 'does not say which name `export $(cat .env)` of its script sets'],
  ['source vars.sh\n$BUILD\n$PUSH', '`source`, which acts on the whole script'],
  ['set -a; . ./.env\n$BUILD\n$PUSH', '`set`, which acts on the whole script'],
  ['. ./.env\n$BUILD\n$PUSH', '`.`, which acts on the whole script'],
  ['say() { echo "$@"; }\n$BUILD\n$PUSH', '`()`, which acts on the whole script'],
  ['export TAG=$(git describe)\n$BUILD\n$PUSH\n./after.sh', 'exports for commands after'],
  // What only one shell knows.
  [
    'N=$(cat x)\nprintf -v "$N" a\n$BUILD\n$PUSH',
    'does not say which name `printf -v "$N" a` of its script sets',
  ],
  ['FOO=$(git x); N=FOO\n$BUILD\n$PUSH\n./after.sh "${!N}"', 'reads what only the shell before'],
  ['cp x /tmp/x.$$\n$BUILD\n$PUSH\nrm /tmp/x.$$', 'reads what only the shell before'],
  ['npm run assets &\n$BUILD\n$PUSH\nwait', 'is about `npm run assets &`'],
  ['npm run assets &\n$BUILD\n$PUSH\nkill $!', 'reads what only the shell before'],
  ['umask 077\n$BUILD\n$PUSH\n./after.sh', '`umask`, which acts on the whole script'],
  ['[ -f x ] && RC=1\n$BUILD\n$PUSH\n./after.sh "${RC-none}"', 'ask whether $RC of its script is set'],
  // A folder that this file does not say.
  ['cd $SUB\n$BUILD\n$PUSH', '`cd`, which acts on the whole script'],
  ['cd -\n$BUILD\n$PUSH', '`cd`, which acts on the whole script'],
  ['pushd app\n$BUILD\n$PUSH', '`pushd`, which acts on the whole script'],
  ['docker build --secret id=a,src=../a -t $I .\n$PUSH', '../a is outside of the workspace'],
  ['docker build --build-context a=docker-image://b -t $I .\n$PUSH', 'is no folder of the workspace'],
  ['cd app\ndocker build -f ${{ env.F }} -t $I .\n$PUSH', 'does not say whether ${{ env.F }} is in app'],
  // A build argument that docker would not find, or that this file does not say.
  ['V=1\ndocker build --build-arg V -t $I .\n$PUSH', 'sets V and does not export it'],
  ['docker build --build-arg UNSET -t $I .\n$PUSH', '$UNSET is not set in this file'],
  ['export K=1\ndocker build --secret id=k,env=K -t $I .\n$PUSH', 'has its value from the script'],
  // A script that goes on after a failure.
  ['set +e\n$BUILD\n$PUSH', '`set`, which acts on the whole script'],
])('a script stays whole when a step would mean another thing: %s', (lines, why) => {
  const script = lines
    .replaceAll('$BUILD', 'docker build -t $I .')
    .replaceAll('$PUSH', 'docker push $I')
    .replaceAll('\n', '\n          ');
  const text = job(
    `      - env:\n          I: \${{ steps.ecr.outputs.registry }}/a:1\n        run: |\n          ${script}\n`,
  );
  expect(migrateWorkflow(text)).toMatchObject({ outcome: 'in part', text });
  expect(told(text)).toContain(why);
});

test('what only GitHub reads in a log is not dropped', () => {
  const text = job(`      - env:
          I: \${{ steps.ecr.outputs.registry }}/a:1
        run: |
          echo "::add-mask::$I"
          docker build -t $I .
          docker push $I
          echo "$(./report.sh)"
`);
  const migration = migrateWorkflow(text);
  const live = ('text' in migration ? migration.text : '').split('\n').filter((line) => !/^ *#/.test(line));
  expect(migration.outcome).toBe('whole');
  expect(live.join('\n')).toContain('echo "::add-mask::$I"');
  expect(live.join('\n')).toContain('echo "$(./report.sh)"');
});

test.each(['bash {0}', 'bash --noprofile {0}', 'sh {0}'])(
  'a script that goes on after a failure stays: %s',
  (shell) => {
    const text = (of: string) =>
      job(`      - shell: ${of}
        env:
          I: \${{ steps.ecr.outputs.registry }}/a:1
        run: |
          docker build -t $I .
          docker push $I
`);
    expect(told(text(shell))).toContain(`its script goes on after a failure, by \`shell: ${shell}\``);
    expect(told(text('bash --noprofile -eo pipefail {0}'))).toContain('migrated whole');
  },
);

test('paths of a build are from the folder of its script, and an argument has what docker would find', () => {
  const text = job(`      - working-directory: app
        env:
          I: \${{ steps.ecr.outputs.registry }}/a:1
          GIVEN: x
        run: |
          export VERSION=$(git describe)
          cd svc && docker build --build-arg VERSION --build-arg GITHUB_SHA --build-arg GIVEN --secret id=npmrc,src=.npmrc --build-context lib=../lib --cache-from type=local,src=.cache --cache-to type=local,dest=/tmp/cache -f Dockerfile.prod -t $I .
          docker push $I
`);
  const migration = migrateWorkflow(text);
  const steps = parse('text' in migration ? migration.text : '').jobs.one.steps;
  expect(steps.at(-1).with).toEqual({
    contract: 'none',
    tags: '${{ env.I }}',
    push: true,
    context: 'app/svc',
    file: 'app/svc/Dockerfile.prod',
    'build-args':
      'VERSION=${{ steps.step-3-script.outputs.VERSION }}\nGITHUB_SHA=${{ github.sha }}\nGIVEN=${{ env.GIVEN }}',
    'cache-from': 'type=local,src=app/svc/.cache',
    'cache-to': 'type=local,dest=/tmp/cache',
    'build-contexts': 'lib=app/lib',
    'secret-files': 'npmrc=app/svc/.npmrc',
  });
});

test('a command that is only printed builds and pushes nothing', () => {
  const text = job(PUSH.replace('docker push', 'echo "docker build worked"\n          docker push'));
  expect(told(text)).toContain('migrated whole');
  const asked = job(
    PUSH.replace('docker push $IMAGE', 'docker push $IMAGE\n          echo "$(docker build -q other)"'),
  );
  expect(told(asked)).toContain('builds, pushes or deploys');
});
