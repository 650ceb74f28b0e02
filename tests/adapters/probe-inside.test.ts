import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { balancerStore } from '@tenant-delivery/local-aws/balancer/store';
import { oneOffStore } from '@tenant-delivery/local-aws/ecs/one-off/state';
import { ecsStore } from '@tenant-delivery/local-aws/ecs/store';
import { ecrState } from '@tenant-delivery/local-aws/services/ecr';
import { readVerifyInputs } from '@tenant-delivery/verify-target-health/inputs';
import { run } from '@tenant-delivery/verify-target-health/run';
import { openVerification } from '@tenant-delivery/verify-target-health/world';
import { acmeSandbox, ORDERS, type Sandbox } from '../stage/a-job.ts';

const { account, region } = ORDERS;
const ALONE = { contract: 'none', cluster: 'acme-prod', service: 'orders', account, region };

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await acmeSandbox(50, { runtime: 'process' }); // a process of a machine under load takes its time to start
  const { tags } = ecsStore(sandbox.aws.world, account, region);
  for (const arn of Object.keys(tags)) tags[arn] = {}; // no contract is about the service any more
}, 30_000);
afterAll(() => sandbox.close());

/** As the action does, with the operator's keys: the service's tasks and the probe are processes of this machine. */
async function verify(inputs: Readonly<Record<string, string>>) {
  const runner = sandbox.runner();
  const image = `${sandbox.aws.registry}/base/node@${digest()}`;
  const limits = { 'timeout-minutes': '20', 'wait-minutes': '10' };
  const given: Readonly<Record<string, string>> = { ...ALONE, ...limits, 'probe-image': image, ...inputs };
  const asked = Object.assign(Object.create(runner), {
    input: (name: string) => given[name] ?? '',
    given: () => Object.keys(given),
  });
  const { accessKeyId, secretAccessKey } = sandbox.operator;
  const env = { ...sandbox.env, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
  const before = sandbox.aws.calls.length;
  const outcome = await run(await openVerification(runner, env, readVerifyInputs(asked)));
  const calls = sandbox.aws.calls.slice(before).map(({ service, operation }) => `${service}:${operation}`);
  return { outcome, calls };
}

const digest = () => ecrState(sandbox.aws.world, account, region).repositories['base/node']?.tags['24'] ?? '';
const balancer = () => Object.values(balancerStore(sandbox.aws.world, account, region).balancers)[0];

const started = () => Object.keys(oneOffStore(sandbox.aws.world, account, region).tasks).length;

test('a probe really asks the balancer, with the rights that the page names and no others', async () => {
  const { outcome, calls } = await verify({ probe: '/' });
  expect(outcome).toMatchObject({
    outcome: 'verified',
    facts: {
      probe: {
        url: expect.stringMatching(
          /^http:\/\/internal-acme-prod-internal-\d+\.eu-west-1\.elb\.amazonaws\.com:80\/$/,
        ),
        answered: { status: 200, milliseconds: expect.any(Number) },
        verdict: 'healthy',
      },
    },
  });
  const page = readFileSync(
    join(import.meta.dirname, '../../actions/verify-target-health/README.md'),
    'utf8',
  );
  const granted = ['policy', 'probe-policy'].flatMap((name) => {
    const [, policy = ''] =
      new RegExp(`<!-- ${name} -->\\s+\`\`\`json\\n([\\s\\S]*?)\`\`\``).exec(page) ?? [];
    const { Statement } = JSON.parse(policy) as { Statement: { Action: string | string[] }[] }; // our own page
    return Statement.flatMap(({ Action }) => Action);
  });
  expect([...new Set(calls)].filter((call) => !granted.includes(call))).toEqual(['sts:GetCallerIdentity']);
  expect(granted.filter((action) => !calls.includes(action)).sort()).toEqual([
    'cloudwatch:DescribeAlarms', // of a bake
    'cloudwatch:GetMetricData',
    'ecs:StopTask', // of a probe that is cancelled or late
    'iam:PassRole', // asked for by ECS
  ]);
}, 30_000);

test('the same probe again registers nothing, and what it gets is not what it must; a lost answer starts no second task', async () => {
  const before = started();
  sandbox.aws.fail({ service: 'ecs', operation: 'RunTask', nth: 1, kind: 'empty-reply' });
  const { outcome, calls } = await verify({ probe: '/', 'probe-status': '204' });
  expect([started() - before, calls.filter((call) => call === 'ecs:RunTask').length]).toEqual([1, 2]);
  expect(outcome).toMatchObject({ outcome: 'failed', reasonCode: 'PROBE_UNHEALTHY' });
  expect(outcome.headline).toContain('GET / got 200, and must get 204');
  expect(calls).not.toContain('ecs:RegisterTaskDefinition');
}, 30_000);

test('an image that is not there starts nothing, and proves nothing', async () => {
  const image = `${sandbox.aws.registry}/base/node@sha256:${'1'.repeat(64)}`;
  const { outcome } = await verify({ probe: '/', 'probe-image': image });
  expect(outcome).toMatchObject({ outcome: 'inconclusive', reasonCode: 'PROBE_INCONCLUSIVE' });
  expect(outcome.headline).toContain('CannotPullContainerError');
}, 30_000);

test('a balancer of another network is not reached from this one', async () => {
  const there = balancer();
  if (!there) throw new Error('acme has a balancer');
  Object.assign(there, { vpcId: 'vpc-of-another' });
  const { outcome } = await verify({ probe: '/' });
  expect(outcome).toMatchObject({ outcome: 'inconclusive', reasonCode: 'PROBE_INCONCLUSIVE' });
  expect(outcome.headline).toContain('ENOTFOUND');
}, 30_000);
