import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runAlone } from '@tenant-delivery/deploy-ecs-service/run-alone';
import { givenAlone } from '@tenant-delivery/deploy-ecs-service/test/given';
import { openAlone } from '@tenant-delivery/deploy-ecs-service/world';
import { parseImage } from '@tenant-delivery/domain';
import type { RecordedCall } from '@tenant-delivery/local-aws';
import { seedCodeDeploy } from '@tenant-delivery/local-aws/ecs/seed-code-deploy';
import { ecsStore } from '@tenant-delivery/local-aws/ecs/store';
import { copyImage, ecrState } from '@tenant-delivery/local-aws/services/ecr';
import { simulatedOf } from '@tenant-delivery/local-aws/services/ecs';
import { manualClock } from '@tenant-delivery/local-aws/world/manual-clock';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { acmeSandbox, ORDERS, type Sandbox, timeOf } from '../stage/a-job.ts';
import { changesIn } from '../stage/stage.ts';

const { account, region } = ORDERS;
const TAG = 'tenant-delivery:contract';

interface Policy {
  readonly Statement: readonly { readonly Action: string | readonly string[] }[];
}

const clock = manualClock(Date.now());
let sandbox: Sandbox;
/** Every call of the action so far. */
const alone: RecordedCall[] = [];
const called = new Set<string>();
beforeAll(async () => {
  sandbox = await acmeSandbox(1, { clock });
  await clock.advance(60_000); // the service has come up
});
afterAll(() => sandbox.close());

const store = () => ecsStore(sandbox.aws.world, account, region);

/** Takes the service out of its contract, as far as a stranger can tell. */
function untag(): void {
  for (const tags of Object.values(store().tags)) delete tags[TAG];
}

/** The image of a tag, or its child for linux/amd64, which says so in its configuration alone. */
function image(tag: string, of: 'all platforms' | 'one platform' = 'all platforms'): string {
  const { repositories } = ecrState(sandbox.aws.world, account, region);
  const [base, orders] = [repositories['base/node'], repositories['acme/orders']];
  const all = base?.tags[tag] ?? '';
  const [child] = JSON.parse(base?.manifests[all]?.text ?? '{}').manifests ?? [];
  const digest = of === 'one platform' ? child?.digest : all;
  if (!base || !orders || !digest) throw new Error(`the sandbox has no base/node:${tag}`);
  const name = `${sandbox.aws.registry}/acme/orders@${copyImage(sandbox.aws.world, base, orders, digest)}`;
  if (!parseImage(name)) throw new Error('an image goes by its digest');
  return name;
}

const PLACE = { account, cluster: 'acme-prod', service: 'orders' };

function environment(): NodeJS.ProcessEnv {
  const { accessKeyId, secretAccessKey } = sandbox.operator;
  return {
    ...sandbox.env,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: region,
  };
}

/** The action as a job has it whose earlier step put the operator's key into the environment. */
async function act(mode: 'plan' | 'deploy', inputs: Readonly<Record<string, string>>) {
  const runner = fakeRunner();
  const given = await givenAlone({ mode, ...PLACE, ...inputs });
  const from = sandbox.aws.calls.length;
  const before = sandbox.aws.decisions.length;
  const told = await openAlone(runner, environment(), given)
    .then((world) => runAlone(given, { ...world, clock: timeOf(clock) }))
    .catch((thrown: unknown) => thrown);
  const calls = sandbox.aws.calls.slice(from);
  alone.push(...calls);
  for (const { principal, ask } of sandbox.aws.decisions.slice(before))
    if (principal.arn.endsWith(':user/operator')) called.add(ask.action);
  return { told, runner, calls, changes: changesIn(calls) };
}

test('a service that is under a contract is refused before anything of it is changed', async () => {
  const { told, changes } = await act('deploy', { images: `orders=${image('24-old')}` });
  expect(told).toMatchObject({ code: 'SERVICE_CONTRACTED', message: expect.stringContaining('acme/prod') });
  expect(changes).toEqual([]);
});

test('a plan reads, and changes nothing', async () => {
  untag();
  const { told, changes } = await act('plan', { images: `orders=${image('24-old')}` });
  expect(told).toMatchObject({ outcome: 'planned', ok: true });
  expect(changes).toEqual([]);
});

test('an image of another platform is refused, though no manifest names one; what is not seen is said', async () => {
  untag();
  const asked = {
    images: `orders=${image('24-old', 'one platform')}`,
    'task-definition-patch': 'runtimePlatform: { cpuArchitecture: ARM64 }',
  };
  const { told, changes } = await act('deploy', asked);
  expect(told).toMatchObject({
    code: 'PREFLIGHT_FAILED',
    message: expect.stringMatching(/is for linux\/amd64, tasks run on linux\/arm64/),
  });
  expect(changes).toEqual([]);
  sandbox.aws.fail({ service: 'ecr', operation: 'GetDownloadUrlForLayer', nth: 1, kind: 'denied' });
  const unseen = await act('plan', asked);
  expect(unseen.told).toMatchObject({ outcome: 'planned', ok: true });
  expect(unseen.runner.log).toContainEqual(
    expect.stringMatching(/^Which platform .* is for is not seen: AWS denied ecr:GetDownloadUrlForLayer/),
  );
});

test('a deploy with a migration runs it first, and updates with what was asked for and nothing else', async () => {
  untag();
  const log = [
    { atSeconds: 0, line: 'migrating' },
    { atSeconds: 8, line: 'migrated' },
  ];
  simulatedOf(sandbox.aws.world).script('tenant-delivery/9001', { log, exit: { code: 0, afterSeconds: 10 } });
  const { told, runner, calls, changes } = await act('deploy', {
    images: `orders=${image('24-old')}`,
    migration: 'container: orders\ncommand: [node, migrate.js]',
    'service-update': 'deploymentConfiguration: { maximumPercent: 150 }',
  });
  expect(told).toMatchObject({ outcome: 'deployed', ok: true });
  expect(changes).toEqual(['ecs:RegisterTaskDefinition', 'ecs:RunTask', 'ecs:UpdateService']);
  expect(runner.log.filter((line) => /migrat(ing|ed)/.test(line))).toEqual(['  migrating', '  migrated']);
  const update = calls.find(({ operation }) => operation === 'UpdateService');
  expect(Object.keys(update?.input ?? {}).sort()).toEqual([
    'cluster',
    'deploymentConfiguration',
    'service',
    'taskDefinition',
  ]);
  expect(update?.input).toMatchObject({
    deploymentConfiguration: {
      maximumPercent: 150,
      deploymentCircuitBreaker: { enable: true, rollback: true },
    },
  });
});

test('the same again is unchanged', async () => {
  untag();
  const { told, changes } = await act('deploy', { images: `orders=${image('24-old')}` });
  expect(told).toMatchObject({ outcome: 'unchanged', ok: true });
  expect(changes).toEqual([]);
});

test('a tag is resolved once at ECR, and the digest that it was is what would be registered', async () => {
  untag();
  const digest = parseImage(image('24'))?.digest ?? '';
  const orders = ecrState(sandbox.aws.world, account, region).repositories['acme/orders'];
  if (!orders) throw new Error('the sandbox has no acme/orders');
  orders.tags['v24'] = digest;
  const tagged = `${sandbox.aws.registry}/acme/orders:v24`;
  const { told, runner, calls } = await act('plan', { resolve: 'tag', images: `orders=${tagged}` });
  expect(told).toMatchObject({ outcome: 'planned', ok: true });
  expect(runner.outputs['images']).toBe(`orders=${sandbox.aws.registry}/acme/orders@${digest}`);
  expect(calls.filter(({ input }) => JSON.stringify(input).includes('"v24"'))).toHaveLength(1);
  const gone = await act('deploy', { resolve: 'tag', images: `orders=${tagged}5` });
  expect(gone.told).toMatchObject({
    code: 'DEPLOY_REQUEST_INVALID',
    message: expect.stringContaining('has no image with the tag v245 in acme/orders'),
  });
  expect(gone.changes).toEqual([]);
});

test('of images of several services, those that this one runs are deployed; none of them is an error', async () => {
  untag();
  const [own, other] = [image('24'), image('24').replace('acme/orders', 'acme/shop')];
  const asked = { 'unused-images': 'leave-out' };
  const { told, runner } = await act('plan', { ...asked, images: `${other}\n${own}` });
  expect(told).toMatchObject({ outcome: 'planned', ok: true });
  expect(runner.outputs['images']).toBe(`orders=${own}`);
  const none = await act('deploy', { ...asked, images: other });
  expect(none.told).toMatchObject({
    code: 'DEPLOY_REQUEST_INVALID',
    message: expect.stringMatching(/no container runs an image of .*acme\/shop; there are orders \(/),
  });
  expect(none.changes).toEqual([]);
});

test('a service is restarted with the revision that it runs', async () => {
  untag();
  const { told, changes, runner } = await act('deploy', { 'service-update': 'forceNewDeployment: true' });
  expect(told).toMatchObject({ outcome: 'deployed', ok: true });
  expect(changes).toEqual(['ecs:UpdateService']);
  expect(runner.outputs['revision']).toMatch(/:2$/);
});

test('a migration that fails leaves the service as it was', async () => {
  untag();
  simulatedOf(sandbox.aws.world).script('tenant-delivery/9001', { exit: { code: 4, afterSeconds: 2 } });
  const { told, changes } = await act('deploy', {
    images: `orders=${image('24')}`,
    migration: 'container: orders\ncommand: [node, other.js]',
  });
  expect(told).toMatchObject({ outcome: 'failed', reasonCode: 'MIGRATION_FAILED', ok: false });
  expect(changes).toEqual(['ecs:RegisterTaskDefinition', 'ecs:RunTask']);
  const service = await openAlone(fakeRunner(), environment(), await givenAlone(PLACE)).then(({ services }) =>
    services.service('acme-prod', 'orders'),
  );
  expect(service?.taskDefinition).toContain(':2');
});

/** The move in place of docs/moving-from-codedeploy.md, as an administrator makes it. */
async function move({ live, other, rule }: ReturnType<typeof seedCodeDeploy>): Promise<void> {
  const ecs = new ECSClient({ region, endpoint: sandbox.aws.url, credentials: sandbox.operator });
  const [balancer] = store().services['acme-prod/orders']?.settings.loadBalancers ?? [];
  await ecs.send(
    new UpdateServiceCommand({
      cluster: 'acme-prod',
      service: 'orders',
      deploymentController: { type: 'ECS' },
      deploymentConfiguration: {
        strategy: 'BLUE_GREEN',
        bakeTimeInMinutes: 1,
        deploymentCircuitBreaker: { enable: true, rollback: true },
      },
      loadBalancers: [
        {
          targetGroupArn: live,
          containerName: balancer?.containerName,
          containerPort: balancer?.containerPort,
          advancedConfiguration: {
            alternateTargetGroupArn: other,
            productionListenerRule: rule,
            roleArn: `arn:aws:iam::${account}:role/ecs-load-balancers`,
          },
        },
      ],
    }),
  );
  ecs.destroy();
  await clock.advance(600_000);
}

test('a service that CodeDeploy deploys is refused before anything is changed, and deployed once it has moved to ECS', async () => {
  untag();
  const { world } = sandbox.aws;
  const pair = seedCodeDeploy(world, account, region, { cluster: 'acme-prod', service: 'orders' });
  const asked = { images: `orders=${image('24')}` };
  const refused = await act('deploy', asked);
  expect(refused.told).toMatchObject({
    code: 'SERVICE_UNSUPPORTED',
    message: expect.stringContaining('is deployed by CodeDeploy (controller CODE_DEPLOY)'),
    remedy: expect.stringContaining('docs/moving-from-codedeploy.md'),
  });
  expect(refused.changes).toEqual([]);
  await move(pair);
  const moved = await act('deploy', asked);
  expect(moved.told).toMatchObject({ outcome: 'deployed', ok: true });
});

test('the policy on its page grants what was called, and what else it grants is named here', () => {
  const page = readFileSync(join(import.meta.dirname, '../../actions/deploy-ecs-service/README.md'), 'utf8');
  const { Statement } = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '') as Policy; // our own page
  const granted = Statement.flatMap(({ Action }) => Action);
  expect([...called].filter((action) => !granted.includes(action))).toEqual([]);
  expect(granted.filter((action) => !called.has(action)).sort()).toEqual([
    'application-autoscaling:DescribeScalableTargets', // of a desired count
    'ecs:ContinueServiceDeployment', // of an answer to a pause
    'ecs:DeregisterTaskDefinition', // of retention
    'ecs:ListTaskDefinitions', // of retention
    'ecs:StopServiceDeployment', // of a deployment that fails
    'ecs:StopTask', // of a migration that is cancelled or late
    'secretsmanager:DescribeSecret', // of secrets in the task definition
    'ssm:DescribeParameters', // of parameters in the task definition
  ]);
});
