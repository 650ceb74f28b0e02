import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cloudwatchAlarms } from '@tenant-delivery/aws/cloudwatch/alarms';
import { cloudwatchRequests } from '@tenant-delivery/aws/cloudwatch/requests';
import { zoneNames } from '@tenant-delivery/aws/ec2/zone-names';
import { elbv2Targets } from '@tenant-delivery/aws/elb/targets';
import { type Session, startSession } from '@tenant-delivery/aws/session/session';
import { MINUTE } from '@tenant-delivery/domain';
import { balancerStore } from '@tenant-delivery/local-aws/balancer/store';
import { ecsStore } from '@tenant-delivery/local-aws/ecs/store';
import { manualClock } from '@tenant-delivery/local-aws/world/manual-clock';
import { readVerifyInputs } from '@tenant-delivery/verify-target-health/inputs';
import { run } from '@tenant-delivery/verify-target-health/run';
import { openVerification } from '@tenant-delivery/verify-target-health/world';
import { acmeSandbox, DEPLOY_JOB, ORDERS, type Sandbox, timeOf } from '../stage/a-job.ts';

const { account, region } = ORDERS;

const clock = manualClock(Date.now());
let sandbox: Sandbox;
let session: Session;

beforeAll(async () => {
  sandbox = await acmeSandbox(1, { clock });
  await clock.advance(MINUTE); // the service has come up
  const { opened } = await startSession(sandbox.runner(DEPLOY_JOB), sandbox.env, ORDERS, ['deploy']);
  session = await opened;
});
afterAll(() => sandbox.close());

function arns() {
  const { balancers, targetGroups } = balancerStore(sandbox.aws.world, account, region);
  return { balancer: Object.keys(balancers)[0] ?? '', group: Object.keys(targetGroups)[0] ?? '' };
}

describe('alarms', () => {
  test('are told with their state and since when, those that exist', async () => {
    sandbox.aws.setAlarm(account, region, 'orders-5xx', 'OK');
    sandbox.aws.setAlarm(account, region, 'orders-slow', 'ALARM');
    const found = await cloudwatchAlarms(session, 'deploy').alarms(['orders-5xx', 'orders-slow', 'absent']);
    expect(found.map(({ name, state }) => [name, state]).sort()).toEqual([
      ['orders-5xx', 'OK'],
      ['orders-slow', 'ALARM'],
    ]);
    for (const { since } of found) {
      expect(since).toBeLessThanOrEqual(sandbox.aws.clock.now());
      expect(since).toBeGreaterThan(sandbox.aws.clock.now() - 24 * 60 * MINUTE);
    }
  });

  test('of more names than one request takes are all told', async () => {
    const names = Array.from({ length: 130 }, (_, i) => `many-${i}`);
    for (const name of names) sandbox.aws.setAlarm(account, region, name, 'OK');
    expect(await cloudwatchAlarms(session, 'deploy').alarms(names)).toHaveLength(130);
  });
});

describe('requests of a target group', () => {
  const from = Math.floor(Date.UTC(2026, 10, 24, 9) / MINUTE) * MINUTE;
  const measured = (until = from + 10 * MINUTE) => {
    const { balancer, group } = arns();
    return cloudwatchRequests(session, 'deploy').requests(balancer, group, from, until);
  };

  test('that nobody made are no error and no evidence', async () => {
    const none = { requests: 0, errors: 0, p95Milliseconds: undefined, samples: 0 };
    expect(await measured()).toEqual(none);
    expect(await measured(from + MINUTE - 1)).toEqual(none);
  });

  test('are counted in whole minutes, errors of targets and refused connections with them', async () => {
    const requests = [
      { at: from - 1, status: 500, seconds: 9 },
      { at: from + 1_000, status: 200, seconds: 0.1, times: 96 },
      { at: from + 61_000, status: 500, seconds: 0.5, times: 3 },
      { at: from + 62_000, status: 502, by: 'balancer' as const },
      { at: from + 10 * MINUTE + 1, status: 500, seconds: 9 },
    ];
    sandbox.aws.scriptRequests(account, region, arns().group, requests);
    expect(await measured()).toEqual({ requests: 100, errors: 4, p95Milliseconds: 100, samples: 2 });
  });
});

test('zones are told by the name that this account gives them, and a group whether it starts slowly', async () => {
  const subnets = ['subnet-0acme00app0000001', 'subnet-0acme00app0000002'];
  expect(await zoneNames(session, 'deploy').names(subnets)).toEqual(
    new Map([
      ['euw1-az1', 'eu-west-1a'],
      ['euw1-az2', 'eu-west-1b'],
    ]),
  );
  const { balancer, group } = arns();
  const targets = elbv2Targets(session, 'deploy');
  expect(await targets.slowStartSeconds(group)).toBe(0);
  expect(await targets.loadBalancer(balancer)).toEqual(await targets.loadBalancer('acme-prod-internal'));
});

test('the deploy role is granted all of it', () => {
  expect(sandbox.aws.denied()).toEqual([]);
});

/** The actions of the policy that the action's page shows. */
function granted(): readonly string[] {
  const page = join(import.meta.dirname, '../../actions/verify-target-health/README.md');
  const [, policy = ''] = /<!-- policy -->\s+```json\n([\s\S]*?)```/.exec(readFileSync(page, 'utf8')) ?? [];
  return JSON.parse(policy).Statement[0].Action;
}

describe('a service without a contract', () => {
  const ALONE = { contract: 'none', cluster: 'acme-prod', service: 'orders', account, region };

  /** As the action would, with the credentials that an earlier step of the job has exported. */
  async function verify(
    inputs: Readonly<Record<string, string>> = {},
    env: Readonly<Record<string, string>> = {},
  ) {
    const runner = sandbox.runner();
    const given = { ...ALONE, 'timeout-minutes': '20', 'wait-minutes': '10', ...inputs };
    const asked = Object.assign(Object.create(runner), {
      input: (name: keyof typeof given) => given[name] ?? '',
      given: () => Object.keys(given),
    });
    const { accessKeyId, secretAccessKey } = sandbox.operator;
    const keys = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
    const opened = await openVerification(
      runner,
      { ...sandbox.env, ...keys, ...env },
      readVerifyInputs(asked),
    );
    if (opened.kind === 'agreed') throw new Error('the inputs are those of a service without a contract');
    return run({ ...opened, world: { ...opened.world, clock: timeOf(clock) } });
  }

  test('is refused while its tag says that it has one', async () => {
    await expect(verify()).rejects.toMatchObject({
      code: 'SERVICE_CONTRACTED',
      message: expect.stringContaining('acme/prod'),
    });
  });

  test('is verified and baked by the credentials of the job, with the rights that the page names and no others', async () => {
    const { tags } = ecsStore(sandbox.aws.world, account, region);
    for (const arn of Object.keys(tags)) tags[arn] = {};
    sandbox.aws.setAlarm(account, region, 'orders-5xx', 'OK');
    const now = sandbox.aws.clock.now();
    const requests = Array.from({ length: 60 }, (_, i) => ({
      at: now + i * 10_000,
      status: 200,
      seconds: 0.1,
    }));
    sandbox.aws.scriptRequests(account, region, arns().group, requests);
    const before = sandbox.aws.calls.length;
    const outcome = await verify({
      alarms: 'orders-5xx',
      zones: 'eu-west-1a\neu-west-1b',
      'bake-minutes': '3',
      'bake-samples': '1',
      'slo-error-percent': '1',
    });
    expect(outcome).toMatchObject({ outcome: 'verified', ok: true, facts: { bake: { verdict: 'healthy' } } });
    const calls = sandbox.aws.calls.slice(before);
    const asked = calls.map(
      ({ service, operation }) => `${service.replace('monitoring', 'cloudwatch')}:${operation}`,
    ); // its endpoint's name
    expect([...new Set(asked)].sort()).toEqual([...granted(), 'sts:GetCallerIdentity'].sort()); // which needs no right
  });

  test.each([
    ['AWS_CREDENTIALS_MISSING', {}, { AWS_ACCESS_KEY_ID: '' }],
    ['ENDPOINT_REFUSED', {}, { AWS_ENDPOINT_URL: 'https://aws.example.org' }],
    ['ACCOUNT_MISMATCH', { account: '000033334444' }, {}],
    ['SERVICE_NOT_ACTIVE', { service: 'absent' }, {}],
    ['INPUTS_INVALID', { region: '' }, {}],
  ])('ends with %s when given %j and %j', async (code, inputs, env) => {
    await expect(verify(inputs, env)).rejects.toMatchObject({ code });
  });
});
