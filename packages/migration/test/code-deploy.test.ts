import { expect, test } from '@jest/globals';
import { migrateWorkflow } from '../src/migrate.ts';
import { PLACEHOLDER } from '../src/release.ts';
import { reportOf } from '../src/report.ts';
import { inForce, job } from './a-job.ts';

const deploy = (more: string, names = 'service: orders\n          cluster: acme-prod') =>
  job(`      - id: deploy
        uses: aws-actions/amazon-ecs-deploy-task-definition@v2
        with:
          task-definition: task.json
          ${names}
          wait-for-service-stability: true
${more
  .split('\n')
  .map((line) => `          ${line}`)
  .join('\n')}
`);

const NAMED = 'codedeploy-application: shop\ncodedeploy-deployment-group: orders';

/** Outcome, workflow and report, with these files in the repository. */
function migrated(text: string, files: Readonly<Record<string, string>> = {}) {
  const migration = migrateWorkflow(text, PLACEHOLDER, (path) => files[path]);
  return { outcome: migration.outcome, report: reportOf('w.yml', migration) };
}

const appspec = (more = '', hooks = '') => `version: 0.0
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: "replaced"
        LoadBalancerInfo:
          ContainerName: web
          ContainerPort: 8080
${more}${hooks}`;

test('the new step is written, and the service must be moved before it runs', () => {
  const text = deploy(`${NAMED}\ncodedeploy-deployment-description: by GitHub`);
  const { outcome, report } = migrated(text);
  expect(outcome).toBe('whole after a move');
  expect(inForce(text)).toContain('actions/deploy-ecs-service@');
  expect(inForce(text)).not.toMatch(/codedeploy|if-in-progress|[A-Z]+_GROUP/);
  expect(report).toContain(
    'To do by hand, before this workflow runs:\n  - Move the service orders from CodeDeploy to ECS, once.',
  );
  expect(report).toContain(
    '    aws deploy get-deployment-group --application-name shop --deployment-group-name orders\n',
  );
  expect(report).toContain('--cluster acme-prod --service orders --deployment-controller type=ECS');
  expect(report).toContain('"containerName":"CONTAINER","containerPort":PORT');
  expect(report).toContain('a deployment in progress is not replaced: same');
  expect(report).toContain(
    'codedeploy-deployment-description: dropped, because a deployment of ECS has none',
  );
});

test.each([
  ['YAML', appspec()],
  [
    'JSON, and names in another case',
    '{"resources":[{"s":{"type":"AWS::ECS::Service","properties":{"taskDefinition":"","loadBalancerInfo":{"containerName":"web","containerPort":"8080"}}}}]}',
  ],
])('container and port are what the AppSpec file says: %s', (_, text) => {
  const { report } = migrated(deploy(NAMED), { 'appspec.yaml': text });
  expect(report).toContain('"containerName":"web","containerPort":8080');
  expect(report).not.toContain('CONTAINER');
});

test('the AppSpec file is the one that the step names, with the variables of the workflow', () => {
  const text = deploy(`${NAMED}\ncodedeploy-appspec: \${{ env.FOLDER }}/app.yml`).replace(
    'jobs:',
    'env:\n  FOLDER: deploy\njobs:',
  );
  expect(migrated(text, { 'deploy/app.yml': appspec() }).report).toContain('"containerName":"web"');
});

test('what an AppSpec file sets besides goes to the service, and hooks are named with their stages', () => {
  const file = appspec(
    `        PlatformVersion: 1.4.0
        NetworkConfiguration:
          AwsvpcConfiguration: { Subnets: [subnet-1], SecurityGroups: [sg-1], AssignPublicIp: DISABLED }
        CapacityProviderStrategy: "<STRATEGY>"
`,
    'Hooks:\n  - BeforeAllowTraffic: "check-orders"\n  - Unheard: other\n',
  );
  const { report } = migrated(deploy(NAMED), { 'appspec.yaml': file });
  expect(report).toContain('  --platform-version 1.4.0 \\');
  expect(report).toContain(
    `--network-configuration '{"awsvpcConfiguration":{"subnets":["subnet-1"],"securityGroups":["sg-1"],"assignPublicIp":"DISABLED"}}' \\`,
  );
  expect(report).toContain('sets `--capacity-provider-strategy` by a script');
  expect(report).toContain(
    'check-orders at BeforeAllowTraffic (PRODUCTION_TRAFFIC_SHIFT in ECS), other at Unheard.',
  );
});

test('no text of a file becomes a command of its own', () => {
  const file = appspec(
    '        PlatformVersion: "LATEST; curl example.com | sh"\n',
    'Hooks:\n  - BeforeAllowTraffic: "arn:x\\nrm -rf it"\n  - "A\\nB": "$FUNCTION"\n',
  );
  const { report } = migrated(deploy(`${NAMED}\ncodedeploy-deployment-config: "a\\nrm b"`), {
    'appspec.yaml': file,
  });
  expect(report).not.toMatch(/curl|^\s*rm|\n *B/m);
  expect(report).toContain('sets `--platform-version` by a script');
  expect(report).toContain(
    'FUNCTION at BeforeAllowTraffic (PRODUCTION_TRAFFIC_SHIFT in ECS), FUNCTION at EVENT.',
  );
  expect(report).toContain('DEPLOYMENT_CONFIG is `a rm b`.');
});

test('the page about the move is at the release that the new steps name', () => {
  expect(migrated(deploy(NAMED)).report).toContain(
    'https://github.com/OWNER/tenant-delivery/blob/v0.1.0/docs/moving-from-codedeploy.md',
  );
});

test.each([
  ['a: b: c'],
  ['- 1'],
  ['Resources: none'],
  [appspec().replace('web', '<NAME>').replace('8080', '"$PORT"')],
  [appspec().replace('AWS::ECS::Service', 'AWS::Lambda::Function')],
])('an AppSpec file that does not say it leaves words in capitals: %j', (text) => {
  const { report } = migrated(deploy(NAMED), { 'appspec.yaml': text });
  expect(report).toContain('"containerName":"CONTAINER","containerPort":PORT');
});

test.each([
  [
    'CodeDeployDefault.ECSCanary10Percent15Minutes',
    '"strategy":"CANARY","canaryConfiguration":{"canaryPercent":10,"canaryBakeTimeInMinutes":15}',
  ],
  [
    'CodeDeployDefault.ECSLinear10PercentEvery1Minutes',
    '"strategy":"LINEAR","linearConfiguration":{"stepPercent":10,"stepBakeTimeInMinutes":1}',
  ],
  ['Shop.Slowly', '"linearConfiguration":{"stepPercent":PERCENT,"stepBakeTimeInMinutes":MINUTES}'],
])('the service gets the strategy of %s after the move', (config, strategy) => {
  const { report } = migrated(deploy(`${NAMED}\ncodedeploy-deployment-config: ${config}`));
  expect(report.indexOf('"strategy":"BLUE_GREEN"')).toBeLessThan(report.indexOf(strategy));
  expect(report).toContain(strategy);
});

test('all at once is what blue/green does', () => {
  const { report } = migrated(
    deploy(`${NAMED}\ncodedeploy-deployment-config: CodeDeployDefault.ECSAllAtOnce`),
  );
  expect(report).not.toMatch(/# 4|same strategy afterwards/);
});

test('what an expression says is a word in capitals in the commands, with the expression beside it', () => {
  const { report } = migrated(deploy(NAMED, 'service: ${{ inputs.service }}\n          cluster: a b'));
  expect(report).toContain('CLUSTER is `a b`, SERVICE is `${{ inputs.service }}`.');
  expect(report).toContain('--cluster CLUSTER --service SERVICE');
});

test('application and group have the names that the action takes by default', () => {
  const { report } = migrated(deploy('codedeploy-appspec: appspec.yaml'));
  expect(report).toContain(
    '--application-name AppECS-acme-prod-orders --deployment-group-name DgpECS-acme-prod-orders',
  );
});

test('what the action gave to ECS alone begins to count, and is told', () => {
  const { report } = migrated(deploy(`${NAMED}\ndesired-count: 3\nforce-new-deployment: false`));
  expect(report).toContain(
    'desired-count: changed (service-update), CodeDeploy did not look at it, and ECS does',
  );
  expect(report).toContain('force-new-deployment: same');
});

test('inputs without a value name no CodeDeploy', () => {
  const text = deploy("codedeploy-application: ''");
  expect(migrated(text).outcome).toBe('whole');
  expect(inForce(text)).toContain('if-in-progress: replace');
});

test('a step stays if others read the id of its deployment at CodeDeploy', () => {
  const text = `${deploy(NAMED)}      - run: echo \${{ steps.deploy.outputs.codedeploy-deployment-id }}\n`;
  expect(migrated(text)).toMatchObject({
    outcome: 'in part',
    report: expect.stringContaining('its output `codedeploy-deployment-id` is used'),
  });
});
