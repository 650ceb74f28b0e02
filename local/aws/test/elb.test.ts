import type {
  DescribeListenersCommandOutput,
  DescribeLoadBalancersCommandOutput,
  DescribeRulesCommandOutput,
  DescribeTargetGroupAttributesCommandOutput,
  DescribeTargetGroupsCommandOutput,
  DescribeTargetHealthCommandOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { registerTarget } from '../src/balancer/registration.ts';
import { actionFor, eligible } from '../src/balancer/rules.ts';
import type { Listener } from '../src/balancer/state.ts';
import { turns } from '../src/balancer/turns.ts';
import { simulatedOf } from '../src/services/ecs.ts';
import { elasticloadbalancing, seedTargetGroup } from '../src/services/elasticloadbalancing.ts';
import { ecsApi } from './ecs-api.ts';
import { ACCOUNT, ask, digest, manualWorld, REGION, withOrders } from './manual-world.ts';

let world: ReturnType<typeof manualWorld>;
let orders: Awaited<ReturnType<typeof withOrders>>;

beforeEach(async () => {
  world = manualWorld();
  orders = await withOrders(world, { gracePeriodSeconds: 300 });
});

const elb = <Output>(operation: string, input: object) =>
  ask<Output>(elasticloadbalancing.operations[operation], input, world.call);

async function health(TargetGroupArn: string, Targets?: { Id: string; Port?: number }[]) {
  const input = { TargetGroupArn, ...(Targets ? { Targets } : {}) };
  const answer = await elb<DescribeTargetHealthCommandOutput>('DescribeTargetHealth', input);
  return answer.TargetHealthDescriptions?.map(({ Target, TargetHealth }) => ({
    address: Target?.Id,
    ...TargetHealth,
  }));
}

describe('an internal balancer is described from balancer to target', () => {
  test('by name, with its listener, its rule and its target group', async () => {
    const { LoadBalancers } = await elb<DescribeLoadBalancersCommandOutput>('DescribeLoadBalancers', {
      Names: ['acme-prod-internal'],
    });
    const [balancer] = LoadBalancers ?? [];
    expect(balancer).toMatchObject({
      Scheme: 'internal',
      Type: 'application',
      State: { Code: 'active' },
      VpcId: 'vpc-1',
    });
    expect(balancer?.AvailabilityZones?.map(({ ZoneName }) => ZoneName)).toEqual([
      'eu-west-1a',
      'eu-west-1b',
    ]);
    const { Listeners } = await elb<DescribeListenersCommandOutput>('DescribeListeners', {
      LoadBalancerArn: balancer?.LoadBalancerArn,
    });
    expect(Listeners).toMatchObject([
      { Port: 80, Protocol: 'HTTP', LoadBalancerArn: balancer?.LoadBalancerArn },
    ]);
    const { Rules } = await elb<DescribeRulesCommandOutput>('DescribeRules', {
      ListenerArn: Listeners?.[0]?.ListenerArn,
    });
    expect(Rules).toMatchObject([
      {
        Priority: 'default',
        IsDefault: true,
        Actions: [{ Type: 'forward', TargetGroupArn: orders.targetGroupArn }],
      },
    ]);
    const { TargetGroups } = await elb<DescribeTargetGroupsCommandOutput>('DescribeTargetGroups', {
      Names: ['acme-prod-orders'],
    });
    expect(TargetGroups).toMatchObject([
      {
        TargetGroupArn: orders.targetGroupArn,
        HealthCheckPath: '/healthz',
        HealthCheckIntervalSeconds: 10,
        HealthyThresholdCount: 2,
        UnhealthyThresholdCount: 2,
        Matcher: { HttpCode: '200' },
        TargetType: 'ip',
        LoadBalancerArns: [balancer?.LoadBalancerArn],
      },
    ]);
    const { Attributes } = await elb<DescribeTargetGroupAttributesCommandOutput>(
      'DescribeTargetGroupAttributes',
      {
        TargetGroupArn: orders.targetGroupArn,
      },
    );
    expect(Attributes).toContainEqual({ Key: 'deregistration_delay.timeout_seconds', Value: '30' });
  });

  test.each([
    ['DescribeLoadBalancers', { Names: ['other'] }, 'LoadBalancerNotFoundException'],
    ['DescribeListeners', { LoadBalancerArn: 'arn:other' }, 'LoadBalancerNotFoundException'],
    ['DescribeListeners', {}, 'ValidationError'],
    ['DescribeRules', { ListenerArn: 'arn:other' }, 'ListenerNotFoundException'],
    ['DescribeTargetGroups', { Names: ['other'] }, 'TargetGroupNotFoundException'],
    ['DescribeTargetHealth', { TargetGroupArn: 'arn:other' }, 'TargetGroupNotFoundException'],
  ])('%s %j is a %s', async (operation, input, code) => {
    await expect(elb(operation, input)).rejects.toMatchObject({ code });
  });
});

describe('target health tells the truth', () => {
  test('through the life of a release: initial, unhealthy with its reason, draining, gone', async () => {
    simulatedOf(world).script(digest('b'), {
      healthyAfterSeconds: 3,
      unhealthy: { answer: { kind: 'answered', status: 500 }, afterSeconds: 30 },
    });
    await ecsApi(world).release('b');
    const mine = async () =>
      (await health(orders.targetGroupArn))?.find(({ address }) => address === '10.0.1.5');
    await world.run(3.5);
    expect(await mine()).toMatchObject({ State: 'initial', Reason: 'Elb.RegistrationInProgress' });
    await world.run(2);
    expect(await mine()).toMatchObject({ State: 'initial', Reason: 'Elb.InitialHealthChecking' });
    await world.run(10);
    expect(await mine()).toMatchObject({ State: 'healthy' });
    await world.run(40);
    expect(await mine()).toMatchObject({
      State: 'unhealthy',
      Reason: 'Target.ResponseCodeMismatch',
      Description: 'Health checks failed with these codes: [500]',
    });
    await world.run(265);
    expect(await mine()).toMatchObject({ State: 'draining', Reason: 'Target.DeregistrationInProgress' });
    await world.run(40);
    expect(await mine()).toBeUndefined();
    expect(await health(orders.targetGroupArn, [{ Id: '10.0.1.5' }])).toMatchObject([
      { State: 'unused', Reason: 'Target.NotRegistered' },
    ]);
  });

  test('a target of a group that no listener uses can never turn healthy', async () => {
    const { arn } = seedTargetGroup(world, ACCOUNT, REGION, {
      name: 'orphan',
      port: 8080,
      vpcId: 'vpc-1',
      healthCheck: {},
    });
    const at = { targetGroupArn: arn, id: '10.0.1.4', port: 8080, zone: 'eu-west-1a' };
    registerTarget(world, ACCOUNT, REGION, at, () => undefined);
    await world.run(600);
    expect(await health(arn)).toMatchObject([{ State: 'unused', Reason: 'Target.NotInUse' }]);
  });

  test('nor one in a zone that the balancer does not serve', async () => {
    const at = { targetGroupArn: orders.targetGroupArn, id: '10.0.3.4', port: 8080, zone: 'eu-west-1c' };
    registerTarget(world, ACCOUNT, REGION, at, () => undefined);
    await world.run(600);
    expect(await health(orders.targetGroupArn, [{ Id: '10.0.3.4' }])).toMatchObject([
      { State: 'unused', Reason: 'Target.NotInUse', Description: expect.stringMatching(/Availability Zone/) },
    ]);
  });
});

describe('the listener', () => {
  const forward = (targetGroupArn: string) =>
    ({ kind: 'forward', groups: [{ targetGroupArn, weight: 1 }] }) as const;
  const listener: Listener = {
    arn: 'arn',
    port: 80,
    rules: [
      {
        arn: '1',
        priority: 1,
        conditions: [{ field: 'path-pattern', values: ['/billing/*', '/v?/bill'] }],
        action: forward('billing'),
      },
      {
        arn: '2',
        priority: 2,
        conditions: [{ field: 'host-header', values: ['*.acme.internal'] }],
        action: forward('acme'),
      },
      {
        arn: '3',
        priority: 'default',
        conditions: [],
        action: { kind: 'fixed-response', status: 404, body: '' },
      },
    ],
  };
  test.each([
    ['/billing/1', 'x', forward('billing')],
    ['/v2/bill', 'x', forward('billing')],
    ['/billing', 'orders.ACME.internal', forward('acme')],
    ['/other', 'acme.internal', { kind: 'fixed-response', status: 404, body: '' }],
  ])('sends %s of host %s by its first fitting rule', (path, host, expected) => {
    expect(actionFor(listener, { path, host }).action).toEqual(expected);
  });

  test('sends each target group its share, evenly spread, and nothing to one without', () => {
    const groupFor = turns();
    const groups = [
      { targetGroupArn: 'blue', weight: 95 },
      { targetGroupArn: 'green', weight: 5 },
      { targetGroupArn: 'red', weight: 0 },
    ];
    const chosen = Array.from({ length: 100 }, () => groupFor('rule', groups));
    const green = chosen.flatMap((one, index) => (one === 'green' ? [index] : []));
    expect(chosen.filter((one) => one === 'blue')).toHaveLength(95);
    expect(green.map((index) => Math.floor(index / 20))).toEqual([0, 1, 2, 3, 4]);
    expect(groupFor('other', [{ targetGroupArn: 'blue', weight: 0 }])).toBeUndefined();
  });

  test('sends to healthy targets only, and to all when none is healthy', () => {
    const target = (state: string) => ({ health: { standing: { state } } });
    expect(eligible([target('healthy'), target('unhealthy'), target('draining')])).toEqual([
      target('healthy'),
    ]);
    expect(eligible([target('unhealthy'), target('draining')])).toEqual([target('unhealthy')]);
  });
});
