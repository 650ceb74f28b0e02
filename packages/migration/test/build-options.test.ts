import { expect, test } from '@jest/globals';
import { migrateWorkflow } from '../src/migrate.ts';
import { inForce, job, PUSH, told } from './a-job.ts';

test.each([
  ['docker build $A $B -t $R/a:1; docker push $R/a:1', 'which options of `docker build` are in'],
  [
    'A=; if true; then A="--ssh default"; fi; docker build $A -t $R/a:1 .; docker push $R/a:1',
    'which options of `docker build` are in',
  ],
  ['docker build -t $R/a:1 a b; docker push $R/a:1', '2 contexts: a, b'],
  ['docker build --ssh default -t $R/a:1 . && docker push $R/a:1', 'nothing for `docker build --ssh`'],
  [
    'docker build -t $R/a:1 https://github.com/acme/orders.git && docker push $R/a:1',
    'is no folder of the workspace',
  ],
  ['docker build -t $R/a:1 ../other && docker push $R/a:1', 'outside of the workspace'],
  ['docker build -t $R/a:1 . && docker push $R/a:1 || true', 'a list with `||`'],
  [
    'for a in $(ls); do docker build -t $R/$a:1 $a; docker push $R/$a:1; done',
    'a loop over names that this file does not say',
  ],
  ['for a in *; do docker build -t $R/$a:1 $a; docker push $R/$a:1; done', 'a loop over names that'],
  [
    'for a in x y; do docker build -t $R/$a:1 $a & done; wait; docker push $R/x:1',
    'a command in the background',
  ],
  [
    'for a in x y; do if [ $a = x ]; then break; fi; docker build -t $R/$a:1 $a; docker push $R/$a:1; done',
    'a loop over names that',
  ],
  // A loop reads its words before its first turn.
  [
    'T=2; for a in 1 $T; do T=3; docker build -t $R/a:$a .; docker push $R/a:$a; done',
    'a loop over names that',
  ],
  // What an output would show, or would not hand on.
  [
    'T=$(aws codeartifact get-authorization-token); docker build --build-arg T=$T -t $R/a:1 .; docker push $R/a:1',
    'an output would show in the log what `aws codeartifact',
  ],
  [
    'T=$(echo ${{ secrets.T }} | rev); docker build --build-arg T=$T -t $R/a:1 .; docker push $R/a:1',
    'a part of a secret',
  ],
  [
    'K=${{ secrets.T }}; read -r X T <<< "$K"; docker build --build-arg T=$T -t $R/a:1 .; docker push $R/a:1',
    'a part of a secret',
  ],
  [
    'for T in ${{ secrets.T }}; do :; done; docker build --build-arg T=$T -t $R/a:1 .; docker push $R/a:1',
    'a part of a secret',
  ],
  [
    'L=(${{ secrets.T }}); T=${L[1]}; docker build --build-arg T=$T -t $R/a:1 .; docker push $R/a:1',
    'a part of a secret',
  ],
  [
    'T=$(head -1 settings.json); docker build --build-arg T=$T -t $R/a:1 .; docker push $R/a:1',
    'an output would show in the log what `head -1 settings.json',
  ],
  [
    'T=$(cat ~/.npmrc); V=$T-1; if true; then V=$V; fi; docker build --build-arg T=$V -t $R/a:1 .; docker push $R/a:1',
    'an output would show in the log',
  ],
  [
    'read -r T < token.txt; docker build --build-arg T=$T -t $R/a:1 .; docker push $R/a:1',
    'what `cat token.txt`',
  ],
  ['T=$(<login); docker build --build-arg T=$T -t $R/a:1 .; docker push $R/a:1', 'what `cat login`'],
  [
    'A=($(git tag)); docker build -t $R/a:1 .; docker push $R/a:1; echo "${A[1]}" > tag',
    'read the list A of its script',
  ],
  ['declare -n X=T; docker build -t $R/a:$X .; docker push $R/a:$X', '`declare -n`'],
  ['DOCKER_BUILDKIT=0 docker build -t $R/a:1 .; docker push $R/a:1', 'also builds stages'],
  // How many words a text becomes, only the shell says.
  ['IFS=,; X=--pull,--no-cache; docker build $X -t $R/a:1 .; docker push $R/a:1', 'sets IFS'],
  ["X='--label a=*'; docker build $X -t $R/a:1 .; docker push $R/a:1", 'names of files'],
  ['X=\'--label "a=1 2"\'; docker build $X -t $R/a:1 .; docker push $R/a:1', '2 contexts: 2", .'],
  ['docker build --build-arg A=~ -t $R/a:1 .; docker push $R/a:1', 'A=~ is known to the shell alone'],
  ['A=(x $(ls)); docker build -t $R/a:1 -f "${A[@]}" .; docker push $R/a:1', '${A[@]} is known to the shell'],
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

test('an image for the processor of its runner is still built for that', () => {
  const on = (runner: string) => told(job(PUSH).replace('ubuntu-latest', runner));
  expect(on('ubuntu-24.04-arm')).toContain("the runner's platform: same (platforms: linux/arm64)");
  expect(on('${{ matrix.runner }}')).toContain('write `platforms` into the step that builds');
  expect(on('[self-hosted, linux]')).toContain('write `platforms` into the step that builds');
  expect(on('ubuntu-22.04')).not.toContain('platform');
});

test.each([
  ['--label "N=$NOTES"', '`--label N` has several lines'],
  ['--label "N=a "', 'begins or ends with a blank'],
  ['--label "N=${{ github.event.head_commit.message }}"', 'may have several lines'],
  ['--label "N=${{ secrets.ENV_FILE }}"', 'may have several lines'],
  ['--build-arg "AWS_NOTES=$NOTES"', 'a variable `AWS_NOTES` would steer the programs of the job'],
  ['--build-arg "HTTPS_PROXY=a "', 'a variable `HTTPS_PROXY` would steer the programs of the job'],
  ['--build-arg "notes=x$NOTES"', 'the step has another variable `notes`'],
  ['--build-arg "TAG=$NOTES" --label T=$TAG', 'the step reads another variable `TAG` of the job'],
  ['--secret id=n,env=NOTES --build-arg NOTES', 'the variable `NOTES` holds a secret of the build'],
  ['--build-arg N=1 --build-arg N=2', '`--build-arg N` is given twice'],
])('a value that is no line of an input stays in its script: %s', (options, why) => {
  const text = (of: string) =>
    job(
      `      - env:
          I: \${{ steps.ecr.outputs.registry }}/a:1
          NOTES: "one\\ntwo=2"
        run: |
          docker build ${of} -t $I .
          docker push $I
`,
      '    env:\n      TAG: v1\n',
    );
  expect(migrateWorkflow(text(options))).toMatchObject({ outcome: 'in part', text: text(options) });
  expect(told(text(options))).toContain(why);
  expect(told(text('--build-arg "N=a b" --label N=1'))).toContain('migrated whole');
});

test.each([
  ['--label', 'N=${{ secrets.PEM }}', true],
  ['--label', 'N=$MORE', true],
  ['--label', 'N=${{ github.sha }}', false],
  ['--label', 'N=${{ steps.ecr.outputs.registry }}', false],
  ['--label', 'N=$KNOWN', false],
  ['--build-arg', 'N=$MORE', false],
  ['--build-arg', 'AWS_REGION=$MORE', true],
])('a value that may have several lines is told: %s %s', (option, argument, isTold) => {
  const text = job(`      - env:
          I: \${{ steps.ecr.outputs.registry }}/a:1
          KNOWN: one-\${{ github.ref_name }}
          MORE: \${{ inputs.more }}
        run: |
          docker build ${option} "${argument}" -t $I .
          docker push $I
`);
  expect(told(text)).toContain('migrated whole');
  expect(told(text).includes('keep the old step: the new one takes each line')).toBe(isTold);
});

test('a value that may have several lines is in `env`, and the step before hands it on in lines', () => {
  const steps = inForce(
    job(`      - env:
          I: \${{ steps.ecr.outputs.registry }}/a:1
          NOTES: \${{ secrets.NOTES }}
        run: |
          V=$(git log -3 --format=%s)
          docker build --build-arg NOTES --build-arg "PEM=\${{ secrets.PEM }}" --build-arg "TEXT=$V" --build-arg M=1 -t $I .
          docker push $I
`),
  );
  expect(steps).toContain(`          NOTES: \${{ secrets.NOTES }}
          PEM: \${{ secrets.PEM }}
          TEXT: \${{ steps.step-3-script.outputs.V }}
        uses`);
  expect(steps).toContain(
    'build-args: |-\n            NOTES\n            PEM\n            TEXT\n            M=1\n',
  );
  expect(steps).toContain(`printf '%s\\n' "V<<END_OF_V" "$V" "END_OF_V" >> "$GITHUB_OUTPUT"`);
});

test('lines in quotes of docker/build-push-action are taken out of them, and stay where they hold more', () => {
  const text = (line: string) =>
    job(`      - uses: docker/build-push-action@v6
        with:
          context: .
          push: true
          tags: \${{ steps.ecr.outputs.registry }}/a:1
          build-args: |
            FIRST=1
            ${line}
`);
  expect(inForce(text('"N=a,b"'))).toContain('FIRST=1\n            N=a,b\n');
  expect(inForce(text('"N=a ""b"""'))).toContain('N=a "b"\n');
  expect(inForce(text('"N=line1\n            line2"'))).toContain(
    'N: |-\n            line1\n            line2\n',
  );
  expect(told(text('"N=${{ secrets.N }}"'))).toContain(
    'the value of N: changed (`env`), blanks at its end stay',
  );
  expect(told(text('"N=a"b'))).toContain('`build-args` has quotes that do not enclose a whole line');
});

test('the platform that the environment gives docker stays that of the image', () => {
  const arm = 'DOCKER_DEFAULT_PLATFORM: linux/arm64\n';
  const input = 'platforms: ${{ env.DOCKER_DEFAULT_PLATFORM }}\n';
  expect(inForce(job(PUSH.replace('env:\n', `env:\n          ${arm}`)))).toContain(input);
  expect(inForce(job(PUSH, `    env:\n      ${arm}`))).toContain(input);
  expect(inForce(`env:\n  ${arm}${job(PUSH)}`)).toContain(input);
  const write = '      - run: echo DOCKER_DEFAULT_PLATFORM=linux/arm64 >> $GITHUB_ENV\n';
  expect(inForce(job(write + PUSH))).toContain(input);
  const block =
    '      - run: |\n          cat >> $GITHUB_ENV <<EOF\n          DOCKER_DEFAULT_PLATFORM=linux/arm64\n          EOF\n';
  expect(told(job(block + PUSH))).toContain('If it sets that, write `platforms` into the step that builds');
  expect(inForce(job(PUSH, "    env:\n      DOCKER_DEFAULT_PLATFORM: ''\n"))).not.toContain('platforms');
  const given = PUSH.replace('docker build', 'docker build --platform linux/amd64');
  expect(inForce(job(given, `    env:\n      ${arm}`))).toContain('platforms: linux/amd64\n');
});

test('a build and its push stay apart where a name of both has two values', () => {
  const step = (value: string, run: string) =>
    `      - env:\n          R: \${{ steps.ecr.outputs.registry }}\n          E: ${value}\n        run: ${run}\n`;
  const text = (value: string) =>
    job(
      `${step('production', 'docker build -t app .')}${step(value, 'docker tag app $R/a:$E && docker push $R/a:$E')}`,
    );
  expect(inForce(text('production'))).toContain('tags: ${{ env.R }}/a:${{ env.E }}');
  expect(inForce(text('staging'))).toContain('docker push $R/a:$E');
});

test('a build argument without a value goes on only where the step has one', () => {
  const text = (env: string) =>
    job(`      - uses: docker/build-push-action@v6${env}
        with:
          push: true
          tags: \${{ steps.ecr.outputs.registry }}/a:1
          build-args: NODE_ENV
`);
  expect(told(text(''))).toContain('its build argument `NODE_ENV` has no value');
  expect(told(text('\n        env:\n          NODE_ENV: x'))).toContain('migrated whole');
});

test('the report names each tag once, whether the build pushes it or a command after it', () => {
  const step = (commands: string) => told(job(`      - name: b\n        run: ${commands}\n`));
  const image = 'r.dkr.ecr.eu-west-1.amazonaws.com/a:1';
  expect(step(`docker buildx build -t ${image} --push .`)).toContain(`--tag ${image}: same (tags)`);
  const apart = step(`docker build -t ${image} . && docker push ${image}`);
  expect(apart).toContain(`docker push ${image}: same (tags)`);
  expect(apart).not.toContain('--tag');
});

test('the report says where a build that fails now ends the job, because bash went on', () => {
  const step = (commands: string) =>
    told(job(`      - run: |\n          ${commands.replaceAll('\n', '\n          ')}\n`));
  const list =
    'docker build -t r.dkr.ecr.eu-west-1.amazonaws.com/a:1 . && docker push r.dkr.ecr.eu-west-1.amazonaws.com/a:1';
  expect(step(`${list}\n./after.sh`)).toContain('where it fails, the job ends; the script went on');
  expect(step(list)).not.toContain('where it fails');
});

test('a label whose value may have several lines fails with a message where it has', () => {
  const step = (value: string) =>
    inForce(
      job(`      - run: |
          N=${value}
          docker build --label k="$N" -t r.dkr.ecr.eu-west-1.amazonaws.com/a:1 .
          docker push r.dkr.ecr.eu-west-1.amazonaws.com/a:1
`),
    );
  expect(step('$(git log --oneline)')).toContain(
    'echo "N has several lines, and a label takes one" >&2; exit 1',
  );
  expect(step('$(git rev-parse HEAD)')).not.toContain('several lines');
});
