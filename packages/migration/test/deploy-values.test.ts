import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { inForce, job, told } from './a-job.ts';

const indented = (lines: string) => lines.replace(/^/gm, '          ');

/** A deploy, after a render where it has inputs. */
const deploy = (more: string, render = '') =>
  job(`${
    render === ''
      ? ''
      : `      - id: render
        uses: aws-actions/amazon-ecs-render-task-definition@v1
        with:
          task-definition: task.json
          container-name: web,side-car
          image: \${{ steps.ecr.outputs.registry }}/a:1
${indented(render)}
`
  }      - uses: aws-actions/amazon-ecs-deploy-task-definition@v2
        with:
          task-definition: ${render === '' ? 'task.json' : '${{ steps.render.outputs.task-definition }}'}
          service: web
${indented(more)}
`);

/** An input of the new step. */
function input(text: string, name: string): unknown {
  const { jobs } = parse(inForce(text)) as { jobs: { one: { steps: { with?: Record<string, unknown> }[] } } };
  return jobs.one.steps.at(-1)?.with?.[name];
}

test.each([
  ['wait-for-service-stability: ${{ inputs.wait }}', 'wait', "${{ format('{0}', inputs.wait) == 'true' }}"],
  ['wait-for-service-stability: TRUE', 'wait', undefined],
  ['wait-for-service-stability: yes', 'wait', false],
  ['wait-for-service-stability: true', 'timeout-minutes', 30],
  ['wait-for-service-stability: true\nwait-for-minutes: 20', 'timeout-minutes', undefined],
  ['wait-for-service-stability: true\nwait-for-minutes: 0', 'timeout-minutes', 30],
  ['wait-for-service-stability: true\nwait-for-minutes: 45min', 'timeout-minutes', 45],
  ['wait-for-service-stability: true\nwait-for-minutes: 999', 'timeout-minutes', 360],
  [
    'wait-for-service-stability: true\nwait-for-minutes: ${{ inputs.minutes }}',
    'timeout-minutes',
    "${{ inputs.minutes || '30' }}",
  ],
  [
    'desired-count: ${{ inputs.count }}',
    'service-update',
    "${{ format('{0}', inputs.count) != '' && format('desiredCount: {0}', inputs.count) || '' }}",
  ],
  [
    'force-new-deployment: ${{ inputs.force }}',
    'service-update',
    "forceNewDeployment: ${{ format('{0}', inputs.force) == 'true' }}",
  ],
  ['force-new-deployment: True', 'service-update', 'forceNewDeployment: true'],
  ['force-new-deployment: yes', 'service-update', undefined],
  [
    'enable-ecs-managed-tags: ${{ inputs.tags }}',
    'service-update',
    "${{ format('{0}', inputs.tags) != '' && format('enableECSManagedTags: {0}', format('{0}', inputs.tags) == 'true') || '' }}",
  ],
  ['enable-ecs-managed-tags: yes', 'service-update', 'enableECSManagedTags: false'],
  ['service-managed-ebs-volume-name: data', 'service-update', undefined],
  [
    'service-managed-ebs-volume-name: data\nservice-managed-ebs-volume: \'{"roleArn":"r"}\'',
    'service-update',
    'volumeConfigurations: [{ name: data, managedEBSVolume: {"roleArn":"r"} }]',
  ],
])('%j means to the new step what it meant to the old one', (given, name, value) => {
  expect(input(deploy(given), name)).toEqual(value);
});

test.each(['wait-for-service-stability: tr${{ inputs.a }}', 'desired-count: 1${{ inputs.a }}'])(
  'a value that is in part an expression leaves the step: %j',
  (given) => {
    expect(told(deploy(given))).toContain('only a part is an expression');
  },
);

test('a file of the workspace is named from there', () => {
  const text = deploy('cluster: c').replace('task.json', '${{ github.workspace }}/deploy/task.json');
  expect(input(text, 'task-definition')).toBe('deploy/task.json');
});

test.each([
  ['run-task: true', 30],
  ['run-task: true\nwait-for-minutes: 45', 45],
  ['run-task: true\nwait-for-minutes: 300', 120],
])('a task before the deploy has the time that it had: %j', (given, minutes) => {
  const text = deploy(`${given}\nrun-task-container-overrides: '[{"name":"web","command":["migrate"]}]'`);
  expect(parse(String(input(text, 'migration')))).toMatchObject({ 'timeout-minutes': minutes });
});

test('a role that is not set at run time stays what it is', () => {
  const text = deploy(
    '',
    'task-role-arn: ${{ inputs.role }}\nexecution-role-arn: arn:aws:iam::111122223333:role/e',
  );
  expect(input(text, 'task-definition-patch')).toBe(
    "${{ format('{0}', inputs.role) != '' && format('taskRoleArn: {0}', toJSON(format('{0}', inputs.role))) || '' }}\n" +
      'executionRoleArn: "arn:aws:iam::111122223333:role/e"',
  );
});

test('a label or an option of an expression arrives whatever it holds', () => {
  const text = deploy(
    '',
    "docker-labels: |\n  team=${{ inputs.team }}\n  rule=Host(`a`) && '{x}' ${{ inputs.b }}\nlog-configuration-options: mode=fast",
  );
  const patch = String(input(text, 'task-definition-patch'));
  expect(patch).toContain("team: ${{ toJSON(format('{0}', inputs.team)) }}");
  expect(patch).toContain("rule: ${{ toJSON(format('Host(`a`) && ''{{x}}'' {0}', inputs.b)) }}");
  expect(patch).toMatch(/logConfiguration:\n +options:\n +mode: "fast"/);
  expect(patch).not.toMatch(/[&*]a1/);
});

test('a value that the action cut is told', () => {
  const text = deploy('', 'docker-labels: a=b=c');
  expect(told(text)).toContain(
    'docker-labels: changed (task-definition-patch), the whole value: the action cut it',
  );
  expect(told(deploy('', 'docker-labels: a=${{ b == c }}'))).toContain(
    'a value of an expression is taken whole',
  );
  expect(told(deploy('', 'docker-labels: a=b'))).toContain('docker-labels: same');
});

test.each([
  ['command: ${{ inputs.command }}', '`command` of the render'],
  ['env-files: ${{ inputs.files }}', '`env-files` of the render'],
  ['docker-labels: ${{ inputs.labels }}', '`docker-labels` of the render'],
  ['log-configuration-log-driver: ${{ inputs.driver }}', '`log-configuration-log-driver` of the render'],
])('what is split or left out at run time leaves the step: %j', (given, why) => {
  expect(told(deploy('', given))).toContain(`${why} is an expression, and only its run knows what it sets`);
});

test('a command ends where the action took its end', () => {
  const text = deploy('', 'command: |\n  npm start');
  expect(parse(String(input(text, 'task-definition-patch')))).toMatchObject({
    containerDefinitions: { web: { command: ['npm', 'start'] } },
  });
});

test('of variables that are set twice the last one counts', () => {
  const text = deploy('', 'environment-variables: |\n  A=1\n  B=2\n  A=3');
  expect(input(text, 'environment-variables')).toBe('web.B=2\nweb.A=3\nside-car.B=2\nside-car.A=3');
});

test('lines that an expression gives stand below their container', () => {
  const text = deploy('', 'environment-variables: |\n  A=1\n  ${{ inputs.more }}\nsecrets: T=arn:x');
  expect(input(text, 'environment-variables')).toBe(
    '[web]\nA=1\n${{ inputs.more }}\n[side-car]\nA=1\n${{ inputs.more }}',
  );
  expect(input(text, 'secrets')).toBe('web.T=arn:x\nside-car.T=arn:x');
  expect(told(deploy('', 'environment-variables: |\n  A=1\n  x ${{ inputs.more }}'))).toContain(
    'neither KEY=value',
  );
});

test('a blank at the end of a value that an expression gives is told', () => {
  expect(told(deploy('', 'environment-variables: A=${{ inputs.a }}'))).toContain(
    'a blank at the end of a value',
  );
  expect(told(deploy('', 'environment-variables: A=${{ inputs.a }}.'))).toMatch(
    /environment-variables: same\n/,
  );
});

test.each([
  ['run: ./prepare.sh', false],
  ['run: npm run render', false],
  ['run: sed -i s/a/b/ *.json', false],
  ['run: git checkout main', false],
  ['uses: actions/checkout@v4', false],
  ['uses: ./.github/actions/prepare', false],
  ['run: git log -1', true],
  ['run: aws sts get-caller-identity', true],
  ['uses: acme/notify@v1', true],
])(
  'a step between render and deploy that may change the file of the render keeps both: %j',
  (between, whole) => {
    const text = deploy('cluster: c', 'command: a').replace(
      '      - uses: aws-actions/amazon-ecs-deploy',
      `      - ${between}\n      - uses: aws-actions/amazon-ecs-deploy`,
    );
    expect(told(text).includes('changes what the render has read')).toBe(!whole);
  },
);

test('a render has run where the deploy asks for the same and for more', () => {
  const text = deploy('cluster: c', 'command: a')
    .replace('      - id: render', "      - if: github.ref_name == 'main'\n        id: render")
    .replace(
      '      - uses: aws-actions/amazon-ecs-deploy',
      "      - if: github.ref_name == 'main' && inputs.deploy\n        uses: aws-actions/amazon-ecs-deploy",
    );
  expect(told(text)).toContain('migrated whole');
});
